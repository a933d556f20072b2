# Debian's buildah, without a Docker engine and without a registry, and what stands in for the base images.

# Another way to make the bases makes other bases.
BUILDAH_FOLDER=$CACHE/buildah-$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-12)
readonly BUILDAH_FOLDER

# chroot: no namespaces are needed; vfs: neither is a file system that knows overlays.
in_buildah() {
    local verb=$1
    shift
    BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs \
        buildah --root "$BUILDAH_FOLDER/images" --runroot "$BUILDAH_FOLDER/run" "$verb" "$@"
}

# ensure_base NAME COMMAND: the image of that name; the command fills the folder that it gets.
ensure_base() {
    local name=$1 command=$2 folder container
    ! in_buildah inspect --type image "$name" >/dev/null 2>&1 || return 0
    folder=$(mktemp -d)
    "$command" "$folder"
    container=$(in_buildah from scratch)
    in_buildah add --quiet "$container" "$folder" /
    in_buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    in_buildah commit --quiet --rm "$container" "$name"
    rm -rf "$folder"
}

make_runtime_base() {
    bootstrap "$1"
}

# What the toolchain asks for, and a way to it: it is lent by whoever builds.
make_swift_base() {
    local program
    bootstrap "$1" binutils ca-certificates git libc6-dev libcurl4 libgcc-12-dev libicu72 libncurses6 libsqlite3-0 \
        libstdc++-12-dev libuuid1 libxml2 pkg-config tzdata zlib1g-dev
    for program in swift swiftc swift-build swift-package clang; do
        ln -s "/toolchain/usr/bin/$program" "$1/usr/bin/$program"
    done
    # Where git is told to read packages elsewhere, it is told so in the build too.
    git config --system --list --null 2>/dev/null | while IFS=$'\n' read -r -d '' key value; do
        [[ $key != url.* ]] || git config --file "$1/etc/gitconfig" --add "$key" "$value"
    done
    # A folder that is lent belongs to whoever lends it.
    git config --file "$1/etc/gitconfig" --add safe.directory '*'
}

# bootstrap FOLDER PACKAGE...: a Debian from wherever this machine gets its packages, with the machine's own
# certificates, without which nothing is fetched behind a proxy that breaks TLS open.
bootstrap() {
    local folder=$1 packages
    shift
    packages=$(IFS=,; printf '%s' "$*")
    debootstrap --variant=minbase ${packages:+"--include=$packages"} bookworm "$folder" "$(debian_mirror)"
    rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
    mkdir -p "$folder/etc/ssl/certs"
    cp /etc/resolv.conf "$folder/etc/resolv.conf"
}

debian_mirror() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 2>/dev/null |
        awk '$2 ~ /^bookworm$/ && $3 == "main" { print $1; exit }')
    [[ -n $mirror ]] || die "apt knows no repository of bookworm's"
    printf '%s\n' "$mirror"
}

# The folder above the toolchain's usr.
toolchain() {
    local swift
    swift=$(readlink --canonicalize "$(command -v swift)")
    printf '%s\n' "${swift%/usr/bin/*}"
}

# Folders of this machine that git reads packages from, one a line.
borrowed_by_git() {
    git config --get-regexp '^url\..*\.insteadof$' | sed -E 's/^url\.(.*)\.insteadof .*$/\1/' | sort --unique |
        while read -r folder; do
            [[ ! -d $folder ]] || printf '%s\n' "${folder%/}"
        done
}
