# The cgroups below which a cluster's pods live: one in every hierarchy of version 1, or one in version 2.

create_cgroup() {
    local hierarchy file
    for hierarchy in $(cgroup_hierarchies); do
        mkdir -p "$hierarchy/$CGROUP"
        # An empty cpuset takes no process.
        for file in cpuset.cpus cpuset.mems; do
            [[ ! -f $hierarchy/$CGROUP/$file || -n $(<"$hierarchy/$CGROUP/$file") || ! -f $hierarchy/$file ]] ||
                cat "$hierarchy/$file" >"$hierarchy/$CGROUP/$file"
        done
    done
}

delete_cgroup() {
    local hierarchy
    for hierarchy in $(cgroup_hierarchies); do
        [[ -d $hierarchy/$CGROUP ]] || continue
        # Processes leave their cgroup a moment after they ended.
        wait_until 10 delete_cgroup_tree "$hierarchy/$CGROUP" || die "$hierarchy/$CGROUP is still in use"
    done
}

delete_cgroup_tree() { find "$1" -depth -type d -exec rmdir {} + && [[ ! -d $1 ]]; }

cgroup_hierarchies() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts; }
