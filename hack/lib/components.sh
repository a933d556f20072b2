# The components of a cluster as processes: start, stop, and what became of them.

# Order of starting; stopping goes the other way.
readonly COMPONENTS=(containerd kubelet etcd apiserver controller-manager scheduler proxy dns volumes)

# run COMPONENT PROGRAM ARGUMENT...: starts it unless it runs.
run() {
    local component=$1
    shift
    ! component_runs "$component" || return 0
    # The process id is the one inside the namespaces. No proxy is asked on the way to the node, and no lock of this
    # script is held by what outlives it.
    # shellcheck disable=SC2016
    enter env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u all_proxy bash -euc '
        pid_file=$1 log=$2
        shift 2
        setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
        printf "%s %s\n" "$!" "$1" >"$pid_file"
    ' bash "$PIDS/$component" "$LOGS/$component.log" "$@"
}

component_runs() {
    local pid program
    [[ -f $PIDS/$1 ]] || return 1
    read -r pid program <"$PIDS/$1"
    # The command line is read as well: the number may be another process's by now.
    # shellcheck disable=SC2016
    enter bash -c 'tr "\0" "\n" 2>/dev/null <"/proc/$1/cmdline" | grep --quiet --line-regexp --fixed-strings -- "$2"' \
        bash "$pid" "$program" 2>/dev/null
}

# stop COMPONENT [SIGNAL]
stop() {
    local component=$1 signal=${2:-TERM} pid
    component_runs "$component" || return 0
    read -r pid _ <"$PIDS/$component"
    # The whole session, for a component that is a script with children; a component that hangs is killed.
    # shellcheck disable=SC2016
    enter bash -c 'kill -s "$2" -- "-$1" 2>/dev/null || kill -s "$2" "$1"' bash "$pid" "$signal" || true
    # Newer API servers (seen with 1.36) wait a minute for their watches to end.
    if ! wait_until 20 component_is_down "$component"; then
        # The shell's own kill: the one of procps takes a small process group, -25 say, for the signal of that number.
        # shellcheck disable=SC2016
        enter bash -c 'kill -s KILL -- "-$1"' bash "$pid" || true
        wait_until 10 component_is_down "$component" || die "$component does not end"
    fi
    rm -f "$PIDS/$component"
}

component_is_down() { ! component_runs "$1"; }

# wait_for COMPONENT SECONDS COMMAND...: until the command succeeds; the component's log tells why it did not.
wait_for() {
    local component=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        # Asked twice: for a moment, while it is being started, a process has no command line.
        if ((SECONDS >= deadline)) ||
            { ! component_runs "$component" && sleep 0.5 && ! component_runs "$component"; }; then
            printf '%s is not ready; the end of %s:\n' "$component" "$LOGS/$component.log"
            tail -n 15 "$LOGS/$component.log" | cut -c 1-400
            return 1
        fi
        sleep 0.1
    done
}

# supports PROGRAM FLAG: flags come and go with versions of Kubernetes.
supports() { grep --quiet -- "[[:space:]]$2[[:space:]=]" <<<"$("$1" --help 2>&1)"; }
