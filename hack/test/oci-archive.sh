# An image in the other format, made from one of the samples.

# As buildah writes one: the name in the annotation that OCI has for it.
make_oci_archive() {
    local folder=$WORK/oci digest layer configuration manifest
    rm -rf "$folder" && mkdir -p "$folder/from" "$folder/blobs/sha256"
    tar -xf "$HACK/../build/sample-images/taskflow-backend-1.0.0.tar" -C "$folder/from"
    local layers=''
    for layer in $(jq -r '.[0].Layers[]' "$folder/from/manifest.json"); do
        gzip -n <"$folder/from/$layer" >"$folder/layer"
        layers+=$(descriptor "$folder/layer" application/vnd.oci.image.layer.v1.tar+gzip)$'\n'
    done
    cp "$folder/from/$(jq -r '.[0].Config' "$folder/from/manifest.json")" "$folder/configuration"
    configuration=$(descriptor "$folder/configuration" application/vnd.oci.image.config.v1+json)
    jq -s --argjson config "$configuration" '{schemaVersion: 2, config: $config, layers: .}' \
        <<<"$layers" >"$folder/manifest"
    manifest=$(descriptor "$folder/manifest" application/vnd.oci.image.manifest.v1+json)
    jq -n --argjson manifest "$manifest" --arg name "$1" '{schemaVersion: 2, manifests: [$manifest + (
        if $name == "" then {} else {annotations: {"org.opencontainers.image.ref.name": $name}} end)]}' \
        >"$folder/index.json"
    printf '{"imageLayoutVersion": "1.0.0"}' >"$folder/oci-layout"
    tar -cf "$WORK/oci.tar" -C "$folder" blobs index.json oci-layout
}

# descriptor FILE MEDIA_TYPE: moves the file among the blobs.
descriptor() {
    local digest size
    digest=$(sha256sum <"$1" | cut -d ' ' -f 1)
    size=$(stat -c %s "$1")
    mv "$1" "$WORK/oci/blobs/sha256/$digest"
    jq -nc --arg type "$2" --arg digest "sha256:$digest" --argjson size "$size" \
        '{mediaType: $type, digest: $digest, size: $size}'
}
