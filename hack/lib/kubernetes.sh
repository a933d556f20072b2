# Kubernetes from Debian's source package, built once and kept in the cache.

# The version that Debian 12 has as a source package, and upstream's commit of it, for `kubectl version`.
readonly KUBERNETES_VERSION=v1.20.2
readonly KUBERNETES_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56
readonly KUBERNETES_PROGRAMS=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)

# The name changes with the recipe, so that a better recipe never meets an older one's programs.
kubernetes_folder() {
    local recipe
    recipe=$(declare -f build_kubernetes | sha256sum)
    printf '%s/kubernetes-%s-%s\n' "$CACHE" "$KUBERNETES_VERSION" "${recipe:0:12}"
}

build_kubernetes() {
    local result=$1 work=$1-work
    install_packages "${BUILD_TOOLS[@]}"
    unpack_source kubernetes "$work/source"

    # reflect2 1.0.1, which the tree holds, reads the layout of maps as it was before Go 1.18: with it the API server
    # dies at the first POST of a custom resource.
    unpack_packages golang-github-modern-go-reflect2-dev "$work/reflect2"
    rm -rf "$work/source/vendor/github.com/modern-go/reflect2"
    cp -r "$work/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2" \
        "$work/source/vendor/github.com/modern-go/reflect2"

    env -u GOFLAGS -u GOPATH -u GOROOT \
        HOME="$work" GOCACHE="$work/go-cache" GOPROXY=off \
        KUBE_GIT_VERSION="$KUBERNETES_VERSION" KUBE_GIT_COMMIT="$KUBERNETES_COMMIT" KUBE_GIT_TREE_STATE=archive \
        KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 \
        make -C "$work/source" WHAT="${KUBERNETES_PROGRAMS[*]/#/cmd/}"

    mkdir "$result"
    local program
    for program in "${KUBERNETES_PROGRAMS[@]}"; do
        mv "$work/source/_output/bin/$program" "$result/"
    done
    compile_pause "$work/source" "$result/pause"
    chmod -R u+w "$work"
    rm -rf "$work"
}

# What holds a pod's namespaces.
compile_pause() { gcc -Os -static -s -DVERSION=debian -o "$2" "$1/build/pause/linux/pause.c"; }

# For programs that come from elsewhere, and without a pause.
build_pause() {
    local result=$1 work=$1-work
    install_packages dpkg-dev gcc libc6-dev
    unpack_source kubernetes "$work/source"
    compile_pause "$work/source" "$result"
    rm -rf "$work"
}
