# etcd, API server, controller manager and scheduler.

start_etcd() {
    local options=(
        --name default --data-dir "$STATE/etcd"
        --listen-client-urls "https://127.0.0.1:$ETCD_PORT" --advertise-client-urls "https://127.0.0.1:$ETCD_PORT"
        --listen-peer-urls "https://127.0.0.1:$ETCD_PEER_PORT"
        --initial-advertise-peer-urls "https://127.0.0.1:$ETCD_PEER_PORT"
        --initial-cluster "default=https://127.0.0.1:$ETCD_PEER_PORT"
        --cert-file "$PKI/etcd.crt" --key-file "$PKI/etcd.key" --trusted-ca-file "$PKI/ca.crt" --client-cert-auth
        --peer-cert-file "$PKI/etcd.crt" --peer-key-file "$PKI/etcd.key" --peer-trusted-ca-file "$PKI/ca.crt"
        --peer-client-cert-auth
    )
    # Nobody misses a local cluster's data after a power cut; everybody notices a slow disk.
    ! supports "$ETCD" --unsafe-no-fsync || options+=(--unsafe-no-fsync)
    run etcd "$ETCD" "${options[@]}"
    wait_for etcd 60 etcd_is_healthy
}

etcd_is_healthy() {
    enter curl --silent --fail --noproxy '*' --cacert "$PKI/ca.crt" --cert "$PKI/etcd.crt" --key "$PKI/etcd.key" \
        "https://127.0.0.1:$ETCD_PORT/health"
}

start_apiserver() {
    write_audit_policy
    # shellcheck disable=SC2054
    local options=(
        --bind-address "$NODE_ADDRESS" --advertise-address "$NODE_ADDRESS" --secure-port "$API_PORT"
        --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key"
        --client-ca-file "$PKI/ca.crt"
        --etcd-servers "https://127.0.0.1:$ETCD_PORT" --etcd-cafile "$PKI/ca.crt"
        --etcd-certfile "$PKI/etcd.crt" --etcd-keyfile "$PKI/etcd.key"
        --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true
        --service-cluster-ip-range "$SERVICE_RANGE"
        --service-account-issuer "https://kubernetes.default.svc.$CLUSTER_DOMAIN"
        --service-account-key-file "$PKI/service-accounts.pub"
        --service-account-signing-key-file "$PKI/service-accounts.key"
        --kubelet-certificate-authority "$PKI/ca.crt"
        --kubelet-client-certificate "$PKI/apiserver-to-kubelet.crt"
        --kubelet-client-key "$PKI/apiserver-to-kubelet.key"
        --kubelet-preferred-address-types InternalIP
        # One file however long the tests run: it is there to be counted in.
        --audit-policy-file "$STATE/audit-policy.yaml" --audit-log-path "$AUDIT_LOG" --audit-log-maxsize 2000
    )
    # A control plane on the loopback interface has no endpoint that a pod could reach, and the API server says so.
    [[ $ISOLATION == namespaces ]] || options+=(--endpoint-reconciler-type none)
    run apiserver "$KUBE_APISERVER" "${options[@]}"
    wait_for apiserver 120 apiserver_is_ready
}

write_audit_policy() {
    cat >"$STATE/audit-policy.yaml" <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
YAML
}

apiserver_is_ready() {
    curl --silent --fail --max-time 5 --noproxy '*' --cacert "$PKI/ca.crt" \
        --cert "$PKI/admin.crt" --key "$PKI/admin.key" "$API_SERVER/readyz"
}

start_controller_manager() {
    local options=(
        --kubeconfig "$STATE/controller-manager.kubeconfig" --bind-address 127.0.0.1
        --use-service-account-credentials --service-account-private-key-file "$PKI/service-accounts.key"
        --root-ca-file "$PKI/ca.crt"
        --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key"
        --leader-elect=false --kube-api-qps 200 --kube-api-burst 400
    )
    # Kubernetes 1.23 and before would listen everywhere, without TLS.
    ! supports "$KUBE_CONTROLLER_MANAGER" --port || options+=(--port 0)
    # Claims get folders below /tmp/hostpath_pv, a name that is wired in.
    ! supports "$KUBE_CONTROLLER_MANAGER" --enable-hostpath-provisioner || options+=(--enable-hostpath-provisioner)
    # Two control planes on one loopback interface would meet at the usual port.
    [[ $ISOLATION == namespaces ]] || options+=(--secure-port 0)
    run controller-manager "$KUBE_CONTROLLER_MANAGER" "${options[@]}"
}

start_scheduler() {
    local options=(--kubeconfig "$STATE/scheduler.kubeconfig" --bind-address 127.0.0.1 --leader-elect=false)
    ! supports "$KUBE_SCHEDULER" --port || options+=(--port 0)
    run scheduler "$KUBE_SCHEDULER" "${options[@]}"
}

default_namespace_is_ready() { admin get serviceaccount default --namespace default; }

# What claims get that name no class.
create_storage_class() {
    admin apply --filename - <<'YAML'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: kubernetes.io/host-path
YAML
}

start_volumes() {
    run volumes "$HACK/lib/volume-opener" "$KUBECTL" "$STATE/controller-manager.kubeconfig"
}

# kubectl as the cluster's admin.
admin() { NO_PROXY=$NODE_ADDRESS no_proxy=$NODE_ADDRESS "$KUBECTL" --kubeconfig "$ADMIN_KUBECONFIG" "$@"; }
