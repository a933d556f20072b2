# The tests of a run on a cluster. What they say is kept, so that a run's last lines can be what failed.

# keep_said FILE: from now on, in this file.
keep_said() {
    SAID=$1
    mkdir -p "${SAID%/*}"
    : >"$SAID"
}

# tests OPTION...: `swift test`'s options
tests() { hack/swift-tests run "$@" 2>&1 | tee -a "$SAID"; }

tell_failures() { grep --after-context 6 'recorded an issue' "$SAID" || true; }
