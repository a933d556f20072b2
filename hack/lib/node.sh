# The node: containerd with the CNI bridge, kubelet, kube-proxy.

readonly PAUSE_IMAGE=localhost/pause:$KUBERNETES_VERSION

start_containerd() {
    write_containerd_configuration
    run containerd "$SERVERS_FOLDER/usr/bin/containerd" --config "$STATE/containerd.toml"
    wait_for containerd 60 ctr version
    ctr images list --quiet | grep --quiet --fixed-strings "$PAUSE_IMAGE" || load_pause_image
}

write_containerd_configuration() {
    mkdir -p "$STATE/cni.d"
    # OOM scores: lowering one takes CAP_SYS_RESOURCE, which root in a container or virtual machine may lack.
    cat >"$STATE/containerd.toml" <<TOML
version = 2
root = "$STATE/containerd"
state = "/run/containerd"
[grpc]
address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "$PAUSE_IMAGE"
restrict_oom_score_adj = true
stream_server_address = "127.0.0.1"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$SERVERS_FOLDER/usr/lib/cni"
conf_dir = "$STATE/cni.d"
[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "runc"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "$SERVERS_FOLDER/usr/sbin/runc"
TOML
    cat >"$STATE/cni.d/bridge.conflist" <<JSON
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": "pods", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/var/lib/cni/addresses",
        "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
JSON
}

start_kubelet() {
    create_cgroup
    printf 'nameserver %s\n' "$NODE_ADDRESS" >"$STATE/resolv.conf"
    write_kubelet_configuration
    local options=(
        --kubeconfig "$STATE/kubelet.kubeconfig" --config "$STATE/kubelet.yaml"
        --hostname-override "$NAME" --node-ip "$NODE_ADDRESS"
    )
    # Newer ones know no other runtime than a remote one, and take its address from the configuration.
    ! supports "$KUBELET" --container-runtime || options+=(--container-runtime remote)
    ! supports "$KUBELET" --container-runtime-endpoint ||
        options+=(--container-runtime-endpoint "unix://$CONTAINERD_SOCKET")
    run kubelet "$KUBELET" "${options[@]}"
}

# No image and no pod is thrown out for want of disk space: nothing here could pull the image again. The node's status
# is looked at every second, so that it is ready at once, but written only where it changed.
write_kubelet_configuration() {
    cat >"$STATE/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
readOnlyPort: 0
tlsCertFile: $PKI/kubelet.crt
tlsPrivateKeyFile: $PKI/kubelet.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $PKI/ca.crt}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failSwapOn: false
clusterDNS: [$NODE_ADDRESS]
clusterDomain: $CLUSTER_DOMAIN
resolvConf: $STATE/resolv.conf
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%}
serializeImagePulls: false
nodeStatusUpdateFrequency: 1s
syncFrequency: 5s
nodeStatusReportFrequency: 1m
kubeAPIQPS: 100
kubeAPIBurst: 200
eventRecordQPS: 0
YAML
}

start_proxy() {
    run proxy "$KUBE_PROXY" --kubeconfig "$STATE/proxy.kubeconfig" --hostname-override "$NAME" \
        --proxy-mode iptables --cluster-cidr "$POD_RANGE" --nodeport-addresses "$NODE_ADDRESS/32" \
        --healthz-bind-address 127.0.0.1:10256 --metrics-bind-address 127.0.0.1:10249 \
        --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0s --conntrack-tcp-timeout-close-wait 0s
}

node_is_ready() { [[ $(node_readiness) == True ]]; }

node_readiness() {
    admin get node "$NAME" --output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'
}

# containerd's own client, on the namespace in which kubelet looks for images.
ctr() { "$SERVERS_FOLDER/usr/bin/ctr" --address "$CONTAINERD_SOCKET" --namespace k8s.io "$@"; }
