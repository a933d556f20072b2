# Where a cluster keeps its things, and which addresses are its own.

if ((EUID == 0)); then
    STATE_ROOT=${TODOAPP_STATE:-/var/lib/todoapp-operator}
else
    STATE_ROOT=${TODOAPP_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/todoapp-operator}
fi

readonly CLUSTER_DOMAIN=cluster.local

use_cluster() {
    NAME=$1
    [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
        die "cluster name '$NAME': up to 32 lower-case letters, digits and inner dashes, please"
    STATE=$STATE_ROOT/$NAME
    PKI=$STATE/pki
    LOGS=$STATE/logs
    PIDS=$STATE/pids
    ADMIN_KUBECONFIG=$STATE/admin.kubeconfig
    OPERATOR_KUBECONFIG=$STATE/operator.kubeconfig
    AUDIT_LOG=$STATE/audit/audit.log
    CONTAINERD_SOCKET=$STATE/containerd.sock
    CGROUP=todoapp-operator-$NAME
    [[ ! -f $STATE/settings ]] || read_settings
}

# What `up` chose once. The number tells the addresses; of those only the node's is seen by the machine.
read_settings() {
    local isolation number node assets
    # shellcheck source=/dev/null
    . "$STATE/settings"
    ISOLATION=$isolation
    NODE=$node
    ASSETS=$assets
    choose_programs "$assets"
    HOST_LINK=todoapp$number
    POD_RANGE=10.232.$number.0/24
    # As large as real ones are, and the same for all: nobody but the cluster's own processes sees it.
    SERVICE_RANGE=10.233.0.0/16
    API_SERVICE_ADDRESS=10.233.0.1
    if [[ $ISOLATION == namespaces ]]; then
        HOST_ADDRESS=10.231.$number.1
        NODE_ADDRESS=10.231.$number.2
        API_PORT=6443 ETCD_PORT=2379 ETCD_PEER_PORT=2380
    else
        NODE_ADDRESS=127.0.0.1
        API_PORT=$((26000 + number * 10)) ETCD_PORT=$((26001 + number * 10)) ETCD_PEER_PORT=$((26002 + number * 10))
    fi
    API_SERVER=https://$NODE_ADDRESS:$API_PORT
}

cluster_exists() { [[ -f $STATE/settings ]]; }

# create_settings NODE ASSETS
create_settings() {
    local isolation=namespaces number
    ((EUID == 0)) || isolation=none
    for ((number = 0; number < 250; number++)); do
        number_is_free "$number" "$isolation" && break
    done
    ((number < 250)) || die "no free address range is left for another cluster"
    mkdir -p "$STATE" "$LOGS" "$PIDS" "$(dirname "$AUDIT_LOG")"
    chmod 0700 "$STATE"
    printf '%s=%q\n' isolation "$isolation" number "$number" node "$1" assets "$2" >"$STATE/settings"
    read_settings
}

number_is_free() {
    local number=$1 isolation=$2
    ! grep --quiet --no-messages --line-regexp "number=$number" "$STATE_ROOT"/*/settings || return 1
    if [[ $isolation == namespaces ]]; then
        [[ -z $(ip -4 route show root "10.231.$number.0/24") ]]
    else
        ! (: <"/dev/tcp/127.0.0.1/$((26000 + number * 10))") 2>/dev/null
    fi
}

# Up, down, start and stop, of all clusters of this user, one after the other.
take_turn() {
    mkdir -p "$CACHE"
    exec 9>"$CACHE/cluster.lock"
    flock --nonblock 9 || {
        say "waiting for another hack/cluster to finish"
        flock 9
    }
}
