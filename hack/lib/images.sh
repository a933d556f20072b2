# Container images as archives: made from a folder, and brought into the node.

# write_image ARCHIVE NAME CONFIGURATION FOLDER...: a docker-archive with a layer for each folder. The same folders
# make the same image, byte for byte.
write_image() {
    local archive=$1 name=$2 configuration=$3 folder work layer digest digests=() layers=()
    shift 3
    work=$(mktemp -d)
    for folder in "$@"; do
        layer=$work/layer.tar
        tar --create --file "$layer" --directory "$folder" \
            --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar .
        digest=$(sha256sum <"$layer" | cut -d ' ' -f 1)
        mv "$layer" "$work/$digest.tar"
        digests+=("sha256:$digest")
        layers+=("$digest.tar")
    done
    # shellcheck disable=SC2016
    jq --null-input --argjson configuration "$configuration" --arg architecture "$(machine_architecture)" '{
        architecture: $architecture, os: "linux", created: "1970-01-01T00:00:00Z", config: $configuration,
        rootfs: {type: "layers", diff_ids: $ARGS.positional},
        history: ($ARGS.positional | map({created: "1970-01-01T00:00:00Z", created_by: "write_image"}))
    }' --args "${digests[@]}" >"$work/configuration"
    digest=$(sha256sum <"$work/configuration" | cut -d ' ' -f 1)
    mv "$work/configuration" "$work/$digest.json"
    # shellcheck disable=SC2016
    jq --null-input --arg name "$name" --arg configuration "$digest.json" \
        '[{Config: $configuration, RepoTags: [$name], Layers: $ARGS.positional}]' --args "${layers[@]}" \
        >"$work/manifest.json"
    tar --create --file "$work.tar" --directory "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
    mv "$work.tar" "$archive"
    rm -rf "$work"
}

# Go's name of it, which is what images are marked with.
machine_architecture() {
    case $(uname -m) in
        x86_64) printf 'amd64\n' ;;
        aarch64) printf 'arm64\n' ;;
        *) uname -m ;;
    esac
}

load_pause_image() {
    local work
    work=$(mktemp -d)
    mkdir "$work/root"
    cp "$PAUSE" "$work/root/pause"
    write_image "$work/pause.tar" "$PAUSE_IMAGE" '{"Entrypoint": ["/pause"], "User": "65535:65535"}' "$work/root"
    ctr images import "$work/pause.tar"
    rm -rf "$work"
}

# load_image ARCHIVE [NAME]: a docker-archive or an oci-archive; NAME where the archive holds none or another.
load_image() {
    local archive=$1 name=${2:-} work
    [[ -r $archive ]] || die "$archive: no such file"
    local index manifest
    index=$(tar --extract --to-stdout --file "$archive" index.json 2>/dev/null ||
        tar --extract --to-stdout --file "$archive" ./index.json 2>/dev/null || true)
    manifest=$(tar --extract --to-stdout --file "$archive" manifest.json 2>/dev/null ||
        tar --extract --to-stdout --file "$archive" ./manifest.json 2>/dev/null || true)
    [[ -n $index$manifest ]] || die "$archive: neither a docker-archive nor an oci-archive"

    if [[ -z $name && -n $(jq --raw-output '.[].RepoTags[]?' <<<"${manifest:-[]}") ]]; then
        ctr images import "$archive"
        return
    fi
    if [[ -z $name && -n $(jq --raw-output '.manifests[].annotations["io.containerd.image.name"] // empty' \
        <<<"${index:-"{}"}") ]]; then
        ctr images import "$archive"
        return
    fi
    : "${name:=$(jq --raw-output '.manifests[0].annotations["org.opencontainers.image.ref.name"] // empty' \
        <<<"${index:-"{}"}")}"
    [[ $name == *[:/]* ]] ||
        die "$archive: the image has no name; say: hack/cluster load --as NAME:TAG $archive"
    work=$(mktemp -d)
    tar --extract --file "$archive" --directory "$work"
    rename_unpacked_image "$work" "$name"
    tar --create --file "$work.tar" --directory "$work" .
    ctr images import "$work.tar"
    rm -rf "$work" "$work.tar"
}

# Turns an unpacked archive into a docker-archive of that name: only there containerd reads a short name as kubelet
# does; what it finds in an oci-archive it takes as it is.
rename_unpacked_image() {
    local folder=$1 name=$2 digest manifest
    if [[ -f $folder/index.json ]]; then
        digest=$(jq --raw-output '.manifests[0].digest' "$folder/index.json")
        manifest=$folder/blobs/${digest/://}
        # An index of several platforms.
        if [[ $(jq 'has("manifests")' "$manifest") == true ]]; then
            digest=$(jq --raw-output --arg architecture "$(machine_architecture)" \
                '[.manifests[] | select(.platform.architecture == $architecture)][0].digest' "$manifest")
            manifest=$folder/blobs/${digest/://}
        fi
        jq --arg name "$name" '
            def path: "blobs/" + sub(":"; "/");
            [{Config: (.config.digest | path), RepoTags: [$name], Layers: [.layers[].digest | path]}]
        ' "$manifest" >"$folder/manifest.json"
        rm -f "$folder/index.json" "$folder/oci-layout"
    else
        jq --arg name "$name" '[.[0] | .RepoTags = [$name]]' "$folder/manifest.json" >"$folder/manifest.json.new"
        mv "$folder/manifest.json.new" "$folder/manifest.json"
    fi
}

# unpack_program ARCHIVE FILE: the operator's program out of its image, in whose last layer it is.
unpack_program() {
    local archive=$1 file=$2 work layer
    work=$(mktemp -d)
    tar --extract --file "$archive" --directory "$work"
    layer=$(jq --raw-output '.[0].Layers[-1]' "$work/manifest.json")
    tar --extract --file "$work/$layer" --directory "$work" usr/local/bin/todoapp-operator
    mv "$work/usr/local/bin/todoapp-operator" "$file"
    rm -rf "$work"
}
