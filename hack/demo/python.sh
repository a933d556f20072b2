# The Pythons that the demo's backend is made for, with its packages, in build/demo-app/python-VERSION.

# 3.13 is what the contracts' images have, 3.11 what seed 004's and Debian 12 have.
readonly PYTHONS=(3.13 3.11)
readonly BACKEND=$ROOT/hack/demo/backend

# python_environments: prints the interpreter of each environment, after making what is missing.
python_environments() {
    local version python environments=0
    for version in "${PYTHONS[@]}"; do
        python=$(find_python "$version") || continue
        make_environment "$python" "$ROOT/build/demo-app/python-$version" >&2
        printf '%s\n' "$ROOT/build/demo-app/python-$version/bin/python"
        environments=$((environments + 1))
    done
    ((environments > 0)) || die "install Python ${PYTHONS[*]:0:1} or ${PYTHONS[*]:1}, with venv"
}

# A shim of pyenv may be in the PATH and refuse to run; the version itself is then beside it.
find_python() {
    local candidate
    for candidate in "python$1" ~/.pyenv/versions/"$1".*/bin/python"$1" "/usr/bin/python$1"; do
        if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

make_environment() {
    local python=$1 folder=$2 locks=("$BACKEND/requirements.txt" "$BACKEND/requirements-dev.txt")
    ! cat "${locks[@]}" | cmp --silent - "$folder/made-from" || return 0
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install --quiet --require-hashes --requirement "${locks[0]}" --requirement "${locks[1]}"
    cat "${locks[@]}" >"$folder/made-from"
}
