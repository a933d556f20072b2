# The cluster's certificates, keys and kubeconfigs: made once, for this cluster alone.

readonly CERTIFICATE_DAYS=3650

create_pki() {
    [[ ! -f $PKI/complete ]] || return 0
    rm -rf "$PKI"
    mkdir -p "$PKI"
    new_key ca
    openssl req -x509 -new -key "$PKI/ca.key" -subj "/CN=todoapp-operator local cluster $NAME" \
        -days "$CERTIFICATE_DAYS" -out "$PKI/ca.crt"
    # Service account tokens.
    new_key service-accounts
    openssl pkey -in "$PKI/service-accounts.key" -pubout -out "$PKI/service-accounts.pub"

    new_certificate etcd serverAuth,clientAuth /CN=etcd "IP:127.0.0.1"
    new_certificate apiserver serverAuth /CN=kube-apiserver \
        "IP:$NODE_ADDRESS,IP:127.0.0.1,IP:$API_SERVICE_ADDRESS,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,$(
        )DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.$CLUSTER_DOMAIN"
    new_certificate kubelet serverAuth "/CN=system:node:$NAME" "IP:$NODE_ADDRESS,DNS:$NAME"
    new_certificate apiserver-to-kubelet clientAuth /O=system:masters/CN=kube-apiserver-kubelet-client

    new_user controller-manager /CN=system:kube-controller-manager "$STATE/controller-manager.kubeconfig"
    new_user scheduler /CN=system:kube-scheduler "$STATE/scheduler.kubeconfig"
    new_user node "/O=system:nodes/CN=system:node:$NAME" "$STATE/kubelet.kubeconfig"
    new_user proxy /CN=system:kube-proxy "$STATE/proxy.kubeconfig"
    # The user to whom every Kubernetes grants what a name server reads.
    new_user dns /CN=system:serviceaccount:kube-system:kube-dns "$STATE/dns.kubeconfig"
    new_user admin /O=system:masters/CN=admin "$ADMIN_KUBECONFIG"
    # A user of its own, so that the audit log tells the operator's requests from everybody else's.
    new_user operator /O=system:masters/CN=todoapp-operator "$OPERATOR_KUBECONFIG"
    touch "$PKI/complete"
}

new_key() { (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PKI/$1.key"); }

# new_certificate NAME USAGE SUBJECT [ALTERNATIVE_NAMES]
new_certificate() {
    local name=$1 usage=$2 subject=$3 names=${4:-}
    new_key "$name"
    openssl req -x509 -new -key "$PKI/$name.key" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -days "$CERTIFICATE_DAYS" \
        -subj "$subject" -addext basicConstraints=critical,CA:FALSE -addext "extendedKeyUsage=$usage" \
        ${names:+-addext "subjectAltName=$names"} -out "$PKI/$name.crt"
}

# new_user NAME SUBJECT KUBECONFIG
new_user() {
    new_certificate "$1" clientAuth "$2"
    (
        umask 077
        cat >"$3" <<YAML
apiVersion: v1
kind: Config
current-context: $NAME
contexts:
- name: $NAME
  context: {cluster: $NAME, user: $1}
clusters:
- name: $NAME
  cluster:
    server: $API_SERVER
    certificate-authority-data: $(base64 --wrap=0 "$PKI/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 --wrap=0 "$PKI/$1.crt")
    client-key-data: $(base64 --wrap=0 "$PKI/$1.key")
YAML
    )
}
