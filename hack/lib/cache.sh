# What takes long to make is made once, outside the repository, and shared by all clusters of this user.

CACHE=${TODOAPP_CACHE:-$HOME/.cache/todoapp-operator}

# cached PATH COMMAND...: the command makes what is missing at the path that it gets as its last argument. It appears
# as a whole or not at all, and is made once however many ask for it at the same time.
cached() {
    local path=$1
    shift
    [[ ! -e $path ]] || return 0
    mkdir -p "$CACHE"
    (
        flock 8
        if [[ ! -e $path ]]; then
            rm -rf "$path".making*
            "$@" "$path.making" 8>&-
            mv "$path.making" "$path"
        fi
    ) 8>"$CACHE/lock"
}
