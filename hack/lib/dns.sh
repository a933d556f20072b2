# A name server for the pods: dnsmasq, with names from the API's Services and Endpoints.

start_dns() {
    : >>"$STATE/dns-hosts"
    run dns "$HACK/lib/dns-server" "$KUBECTL" "$STATE/dns.kubeconfig" "$STATE/dns-hosts" \
        "$NODE_ADDRESS" "$CLUSTER_DOMAIN"
}
