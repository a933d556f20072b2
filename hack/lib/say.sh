# What the scripts tell the person who runs them: one line a step, with its seconds.

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s\n' "${0##*/}: $*" >&2
    exit 1
}

# step TEXT COMMAND...: runs the command; its output is only shown where it failed.
# The command runs in a subshell under `set -e`, which an `if` or `||` around it would switch off.
step() {
    local text=$1 started log status=0
    shift
    started=$EPOCHREALTIME
    log=$(mktemp)
    set +e
    (
        set -euo pipefail
        "$@"
    ) >"$log" 2>&1
    status=$?
    set -e
    if ((status != 0)); then
        printf '  failed  %s\n' "$text" >&2
        tail -n 25 "$log" | sed 's/^/          /' >&2
        rm -f "$log"
        exit "$status"
    fi
    rm -f "$log"
    printf '%6.1f s  %s\n' "$(seconds_since "$started")" "$text" >&2
}

seconds_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }

# wait_until SECONDS COMMAND...: polls; false where the time ran out.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}
