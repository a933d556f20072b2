# What the machine looks like, so that before and after can be compared.

# Whatever a cluster could leave behind. Clusters of other names may come and go meanwhile.
machine_state() {
    ip -brief link | awk '{ print $1 }' | without_other_clusters
    ip route | without_other_clusters
    iptables-save | grep -v '^[#:]' || true
    ls /run/netns 2>/dev/null || true
    awk '{ print $2 }' /proc/mounts
    find /sys/fs/cgroup -maxdepth 2 -name 'todoapp-operator-selftest*'
    pgrep -af 'selftest-[ab]' | grep -v cluster-test || true
    ls /run/containerd 2>/dev/null || true
    compgen -G '/var/lib/todoapp-operator/selftest-*' || true
}

without_other_clusters() {
    local settings pattern='^$'
    for settings in /var/lib/todoapp-operator/*/settings; do
        [[ -f $settings && $settings != */selftest-* ]] || continue
        pattern+="|todoapp$(sed -n 's/^number=//p' "$settings")([@ ]|\$)"
    done
    grep -vE "$pattern" || true
}

nothing_is_left() {
    machine_state >"$WORK/after"
    diff "$WORK/before" "$WORK/after"
}
