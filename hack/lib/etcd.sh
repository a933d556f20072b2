# etcd's data as a whole: kept, put back, and its past forgotten.

# snapshot LABEL: keeps what etcd holds now, under a label. Clients of the API server wait for a moment.
snapshot() {
    local label=${1:?snapshot wants a label}
    check_label "$label"
    stop etcd
    mkdir -p "$STATE/snapshots"
    rm -rf "${STATE:?}/snapshots/$label"
    cp -a "$STATE/etcd" "$STATE/snapshots/$label"
    start_etcd
    wait_for apiserver 60 apiserver_is_ready
}

# restore LABEL: the API server is replaced by one with the data that was kept: objects and versions go back.
restore() {
    local label=${1:?restore wants a label}
    check_label "$label"
    [[ -d $STATE/snapshots/$label ]] || die "there is no snapshot '$label'"
    # Neither of them bears versions that go back.
    stop controller-manager
    stop apiserver
    stop etcd
    rm -rf "${STATE:?}/etcd"
    cp -a "$STATE/snapshots/$label" "$STATE/etcd"
    start_etcd
    start_apiserver
    [[ ! -x $KUBE_CONTROLLER_MANAGER ]] || start_controller_manager
}

check_label() {
    [[ $1 =~ ^[a-z0-9][a-z0-9-]*$ ]] || die "snapshot '$1': lower-case letters, digits and dashes, please"
}

# compact: etcd forgets all versions but the present ones; whoever asks for what changed since an older one is refused.
compact() {
    local revision
    # Any key will do: the answer's header tells the revision.
    revision=$(ask_etcd kv/range '{"key": "AA=="}' | grep --only-matching '"revision":"[0-9]*"' | tr -cd '0-9')
    ask_etcd kv/compaction "{\"revision\": \"$revision\", \"physical\": true}" >/dev/null
    say "etcd has forgotten everything before revision $revision"
}

# ask_etcd CALL JSON
ask_etcd() {
    enter curl --silent --fail --noproxy '*' --cacert "$PKI/ca.crt" --cert "$PKI/etcd.crt" --key "$PKI/etcd.key" \
        --data "$2" "https://127.0.0.1:$ETCD_PORT/v3/$1"
}
