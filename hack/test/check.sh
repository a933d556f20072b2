# Checks: each a sentence and a command, counted.

# check SENTENCE COMMAND...
check() {
    local sentence=$1 started=$EPOCHREALTIME status
    shift
    set +e
    (
        set -euo pipefail
        "$@"
    ) >"$WORK/log" 2>&1
    status=$?
    set -e
    if ((status == 0)); then
        passed=$((passed + 1))
        printf 'PASS %5.1f s  %s\n' "$(awk "BEGIN { print $EPOCHREALTIME - $started }")" "$sentence"
    else
        failed=$((failed + 1))
        printf 'FAIL          %s\n' "$sentence"
        tail -n 25 "$WORK/log" | sed 's/^/              /'
    fi
}

# eventually COMMAND...: within 20 seconds, for what a rule or a cache brings about.
eventually() {
    local deadline=$((SECONDS + 20))
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}

refuses() {
    local text=$1 said status=0
    shift
    said=$("$@" 2>&1) || status=$?
    printf '%s\n' "$said"
    ((status != 0)) && [[ $said == *"$text"* ]]
}
