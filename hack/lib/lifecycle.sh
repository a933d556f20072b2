# The life of a cluster: up, made whole again, down.

up() {
    local node=yes assets=${KUBEBUILDER_ASSETS:-} started=$EPOCHREALTIME
    if [[ ${1:-} == --control-plane-only ]]; then
        node=no
        shift
    fi
    no_arguments "$@"
    if [[ -n $assets ]]; then
        check_assets "$assets"
        assets_make_a_node "$assets" || node=no
    fi
    check_machine "$node" "$assets"

    take_turn
    choose_programs "$assets"
    if cluster_exists; then
        [[ $NODE == "$node" && $ASSETS == "$assets" ]] ||
            die "cluster '$NAME' is there and was made in another way; first say: hack/cluster --name $NAME down"
        if cluster_is_whole; then
            say "cluster '$NAME' is up at $NODE_ADDRESS"
            return
        fi
    fi
    say "cluster '$NAME'"
    prepare_programs "$node" "$assets"
    if cluster_exists; then
        mend
    fi
    if ! cluster_exists; then
        create_settings "$node" "$assets"
        start_components
    fi
    printf '%6.1f s  %s\n' "$(seconds_since "$started")" "in all; the node's address is $NODE_ADDRESS" >&2
}

# Who can have a cluster here, and what to do where nobody can.
check_machine() {
    local node=$1 assets=$2 program
    if [[ -z $assets || $node == yes ]]; then
        if ((EUID != 0)) || ! is_debian_12; then
            die "a local cluster takes root on Debian 12; elsewhere use Minikube or kind and set KUBECONFIG, or, for a$(
            ) control plane alone, set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl"
        fi
    elif ((EUID != 0)) || ! is_debian_12; then
        for program in curl flock openssl pgrep setsid; do
            command -v "$program" >/dev/null || die "$program is not installed"
        done
    fi
}

is_debian_12() {
    grep --quiet --no-messages '^ID=debian$' /etc/os-release && grep --quiet '^VERSION_ID="12"$' /etc/os-release
}

prepare_programs() {
    local node=$1 assets=$2
    if ((EUID == 0)) && is_debian_12; then
        step "tools are installed" install_tools
    fi
    if [[ -z $assets || $node == yes ]]; then
        step "etcd, containerd and runc are unpacked" ensure_servers
    fi
    if [[ -z $assets ]]; then
        [[ -e $PROGRAMS ]] ||
            say "          Kubernetes $KUBERNETES_VERSION is built from source: once, for some minutes"
        step "Kubernetes $KUBERNETES_VERSION is built" ensure_kubernetes
    fi
    if [[ -n $assets && $node == yes ]]; then
        step "the pause program is built" ensure_pause
    fi
}

# Starts what does not run. A cluster that cannot be mended is better made anew than explained: a machine that was
# started anew, say, has the cluster's folder, but not its processes and links.
mend() {
    local status=1
    if cluster_is_alive; then
        # Not as a condition: within one, `set -e` has no meaning.
        set +e
        (
            set -e
            start_components
        )
        status=$?
        set -e
    fi
    ((status == 0)) || step "what was left of it is cleared away" clear_away
}

start_components() {
    if ! cluster_is_alive; then
        step "namespaces and link are made" create_namespaces
    fi
    step "certificates are made" create_pki
    if [[ $NODE == yes ]]; then
        step "containerd answers and has the pause image" start_containerd
        # Kubelet looks for Docker for five seconds before it does anything else: meanwhile the API server starts.
        step "kubelet has started" start_kubelet
    fi
    step "etcd is healthy" start_etcd
    step "API server is ready" start_apiserver
    [[ ! -x $KUBE_CONTROLLER_MANAGER ]] || step "controller manager has started" start_controller_manager
    if [[ $NODE == yes ]]; then
        step "scheduler has started" start_scheduler
        step "kube-proxy has started" start_proxy
        step "name server has started" start_dns
        step "storage class is there" create_storage_class
        step "claims are for everybody" start_volumes
        step "node is ready" wait_for kubelet 120 node_is_ready
    fi
    [[ ! -x $KUBE_CONTROLLER_MANAGER ]] ||
        step "default service account is there" wait_for controller-manager 60 default_namespace_is_ready
}

cluster_is_whole() {
    local component
    cluster_is_alive && [[ -f $PKI/complete ]] || return 1
    for component in $(expected_components); do
        component_runs "$component" || return 1
    done
    apiserver_is_ready >/dev/null || return 1
    [[ $NODE == no ]] || node_is_ready
}

expected_components() {
    if [[ $NODE == yes ]]; then
        printf '%s\n' "${COMPONENTS[@]}"
    else
        printf '%s\n' etcd apiserver
        [[ ! -x $KUBE_CONTROLLER_MANAGER ]] || printf '%s\n' controller-manager
    fi
}

down() {
    take_turn
    if ! cluster_exists; then
        say "there is no cluster '$NAME'"
        return
    fi
    step "cluster '$NAME' is taken down" clear_away
}

clear_away() {
    local index
    if [[ $ISOLATION == namespaces ]]; then
        delete_namespaces
        delete_cgroup
    else
        for ((index = ${#COMPONENTS[@]} - 1; index >= 0; index--)); do
            stop "${COMPONENTS[index]}"
        done
    fi
    rm -rf --one-file-system "${STATE:?}"
    rmdir --ignore-fail-on-non-empty "$STATE_ROOT"
    # With a cluster left these are its mount points, and removing one would unmount it there.
    if [[ $ISOLATION == namespaces && ! -d $STATE_ROOT ]]; then
        rmdir --ignore-fail-on-non-empty "${MOUNT_POINTS[@]}"
    fi
}
