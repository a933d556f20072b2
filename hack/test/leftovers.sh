# What the machine looks like, so that before and after can be compared.

# What a cluster could leave behind: all but the addresses of memory and the times.
machine_state() {
    ip -brief link | awk '{ print $1 }'
    ip route
    iptables-save | grep -v '^[#:]' || true
    ls /run/netns 2>/dev/null || true
    awk '{ print $2 }' /proc/mounts
    find /sys/fs/cgroup -maxdepth 2 -name 'todoapp-operator-selftest*'
    pgrep -af 'selftest-[ab]' | grep -v cluster-test || true
    ls /run/containerd /var/lib/todoapp-operator 2>/dev/null || true
}

nothing_is_left() {
    machine_state >"$WORK/after"
    diff "$WORK/before" "$WORK/after"
}
