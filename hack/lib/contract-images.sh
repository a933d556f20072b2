# Images of the demo's app as a contract wants them: its sources, the Dockerfile that the operator's command makes, and
# buildah. OPERATOR names the command.

# make_context CONTRACT COMPONENT FOLDER: what the image is built from. It is a copy: what a contract wants elsewhere is
# put there, and nothing of it stays.
make_context() {
    local contract=$1 component=$2 folder=$3
    rm -rf "$folder"
    cp -R "$HACK/demo/$component" "$folder"
    arrange "$contract" "$component" "$folder"
    "$OPERATOR" dockerfile --contract "$contract" --component "$component" >"$folder/Dockerfile"
    "$OPERATOR" dockerfile --contract "$contract" --component "$component" --dockerignore >"$folder/.dockerignore"
    "$OPERATOR" check-dockerfile "$folder/Dockerfile" --contract "$contract" --component "$component"
}

# What a contract expects of the sources beyond what the demo has.
arrange() {
    local contract=$1 component=$2 folder=$3
    [[ $component == backend ]] || return 0
    case $contract in
        openai)
            # Its sources lie in src.
            mkdir "$folder/src"
            mv "$folder/app" "$folder/main.py" "$folder/src/"
            ;;
        fastapi)
            # It stands on uv.lock, which the repository does not hold: the lock names whoever's registry it was made with.
            cached "$CACHE/uv" install_uv
            (cd "$folder" && UV_NATIVE_TLS=true "$CACHE/uv/bin/uv" lock --python "$(uv_python)")
            ;;
    esac
}

install_uv() {
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet uv
}

# To resolve for all versions that pyproject.toml allows, any one of them will do.
uv_python() { "$CACHE/uv/bin/python" -c 'import sys; print(sys.executable)'; }

# build_context FOLDER IMAGE ARCHIVE: builds the image and writes it as a docker-archive.
build_context() {
    local folder=$1 image=$2 archive=$3
    # A layer for each instruction would copy the whole image each time: vfs knows no overlays.
    in_buildah build --layers=false --force-rm --pull=never --network host --format docker \
        --build-arg VERSION="${image##*:}" --tag "$image" "$folder"
    rm -f "$archive" "$archive.making"
    in_buildah push --quiet "$image" "docker-archive:$archive.making:$image"
    mv "$archive.making" "$archive"
}
