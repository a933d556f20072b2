# A cluster's processes live in one set of namespaces: network, mounts and process ids. Whatever they start or mount
# ends with the namespaces, that is, with the one process that holds them; and nothing of it is seen by the machine.
# A user who is not root has none of this: the processes are the user's own, and there is only a control plane.

# Folders of the machine which stay empty there; in the namespaces the cluster's own lie over them.
readonly MOUNT_POINTS=(/var/lib/kubelet /var/lib/cni /tmp/hostpath_pv)

holder_pid() {
    local pid started
    [[ -f $PIDS/holder ]] || return 1
    read -r pid started <"$PIDS/holder"
    # The start time tells the process from another one that got the same number later, after a reboot say.
    [[ $(process_start "$pid") == "$started" ]] && printf '%s\n' "$pid"
}

# Field 22 of stat; the second field, the command's name, may hold blanks.
process_start() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    awk '{ print $20 }' <<<"${stat##*) }"
}

cluster_is_alive() { [[ $ISOLATION == none ]] || holder_pid >/dev/null; }

create_namespaces() {
    local parent pid
    # The ended are reaped by the kernel where the parent, here process 1 of the namespace, ignores SIGCHLD.
    setsid unshare --net --mount --pid --fork --mount-proc --propagation private \
        env --ignore-signal=CHLD sleep infinity </dev/null >/dev/null 2>&1 9>&- &
    parent=$!
    wait_until 5 pgrep --parent "$parent" --exact sleep
    pid=$(pgrep --parent "$parent" --exact sleep)
    printf '%s %s\n' "$pid" "$(process_start "$pid")" >"$PIDS/holder"

    # Without it a pod that asks a Service gets the answer from a stranger: the other pod, on the same bridge.
    [[ -d /proc/sys/net/bridge ]] || modprobe br_netfilter || true
    ip link delete "$HOST_LINK" 2>/dev/null || true
    ip link add "$HOST_LINK" type veth peer name eth0 netns "$pid"
    ip address add "$HOST_ADDRESS/30" dev "$HOST_LINK"
    ip link set "$HOST_LINK" up

    mkdir -p "${MOUNT_POINTS[@]}" "$STATE/kubelet" "$STATE/cni" "$STATE/volumes" "$STATE/var-log"
    # shellcheck disable=SC2016
    enter bash -euc '
        state=$1 node=$2 host=$3 services=$4
        ip link set lo up
        ip address add "$node/30" dev eth0
        ip link set eth0 up
        # Without a route the kernel refuses service addresses before iptables sees them. There is none to the outside:
        # what asks for it (a pull, kubelet for the cloud that it might be in) fails at once and not after a time-out.
        ip route add "$services" via "$host"
        sysctl --quiet net.ipv4.ip_forward=1
        # Folders whose names are wired into kubelet, CNI and the controller manager. Two kubelets that share
        # /var/log/pods delete the logs of each other.
        mount --bind "$state/kubelet" /var/lib/kubelet
        mount --bind "$state/cni" /var/lib/cni
        mount --bind "$state/volumes" /tmp/hostpath_pv
        mount --bind "$state/var-log" /var/log
        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir /run/lock
        # Volumes that a pod mounts for others to see need a tree that shares its mounts.
        mount --make-rshared /
    ' bash "$STATE" "$NODE_ADDRESS" "$HOST_ADDRESS" "$SERVICE_RANGE"
}

# enter COMMAND...: runs it among the cluster's processes.
enter() {
    if [[ $ISOLATION == none ]]; then
        "$@"
    else
        nsenter --target "$(holder_pid)" --net --mount --pid -- "$@"
    fi
}

delete_namespaces() {
    local pid
    if pid=$(holder_pid); then
        ip link delete "$HOST_LINK" 2>/dev/null || true
        kill -KILL "$pid"
        wait_until 30 process_is_gone "$pid" || die "process $pid, which holds the cluster's namespaces, does not end"
    fi
    ip link delete "$HOST_LINK" 2>/dev/null || true
}

process_is_gone() { [[ ! -d /proc/$1 ]]; }
