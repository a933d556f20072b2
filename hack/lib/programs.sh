# Where the programs come from: Debian's packages and source, or the folder that KUBEBUILDER_ASSETS names.

# choose_programs ASSETS: empty where Debian is to provide everything.
choose_programs() {
    local folder=$1
    SERVERS_FOLDER=$CACHE/servers-$(printf '%s ' "${SERVERS[@]}" | sha256sum | cut -c 1-12)
    if [[ -n $folder ]]; then
        ETCD=$folder/etcd
        KUBECTL=$folder/kubectl
        PAUSE=$CACHE/pause-$KUBERNETES_VERSION
    else
        folder=$(kubernetes_folder)
        ETCD=$SERVERS_FOLDER/usr/bin/etcd
        PAUSE=$folder/pause
        KUBECTL=$(command -v kubectl || printf '/usr/bin/kubectl\n')
    fi
    PROGRAMS=$folder
    KUBE_APISERVER=$folder/kube-apiserver
    KUBE_CONTROLLER_MANAGER=$folder/kube-controller-manager
    KUBE_SCHEDULER=$folder/kube-scheduler
    KUBELET=$folder/kubelet
    KUBE_PROXY=$folder/kube-proxy
}

check_assets() {
    local program
    for program in etcd kube-apiserver kubectl; do
        [[ -x $1/$program ]] || die "KUBEBUILDER_ASSETS=$1 holds no program named $program"
    done
}

assets_make_a_node() {
    [[ -x $1/kube-controller-manager && -x $1/kube-scheduler && -x $1/kubelet && -x $1/kube-proxy ]]
}

install_tools() {
    install_packages "${TOOLS[@]}"
    command -v kubectl >/dev/null || install_packages kubernetes-client
}

ensure_servers() { cached "$SERVERS_FOLDER" unpack_packages "${SERVERS[@]}"; }
ensure_kubernetes() { cached "$PROGRAMS" build_kubernetes; }
ensure_pause() { cached "$PAUSE" build_pause; }
