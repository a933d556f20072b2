# Debian's packages: ordinary tools are installed; servers are only unpacked into the cache.

# dnsmasq-base, unlike dnsmasq, brings no service of its own.
readonly TOOLS=(
    ca-certificates conntrack curl dnsmasq-base ethtool iproute2 iptables jq kmod openssl procps socat util-linux
)
readonly BUILD_TOOLS=(dpkg-dev gcc golang-go jq libc6-dev make rsync)
# Unpacked, not installed: as packages, etcd-server and containerd would start services on the machine, and containerd
# would push out the one that comes with Docker.
readonly SERVERS=(etcd-server containerd runc containernetworking-plugins)

install_packages() {
    local missing=() package
    for package in "$@"; do
        package_is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    update_package_lists
    apt_get install --yes --no-install-recommends --no-remove "${missing[@]}"
}

package_is_installed() {
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Once an hour is enough; older lists may name versions of packages that are gone.
update_package_lists() {
    local stamp=$CACHE/package-lists-updated
    mkdir -p "$CACHE"
    [[ -z $(find "$stamp" -mmin -60 2>/dev/null) || -z $(compgen -G '/var/lib/apt/lists/*Packages*') ]] || return 0
    apt_get update
    touch "$stamp"
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o APT::Sandbox::User=root "$@"; }

# unpack_packages PACKAGE... FOLDER: the files of the packages, below the folder.
unpack_packages() {
    local folder=${*: -1} downloads archive
    update_package_lists
    mkdir -p "$folder"
    downloads=$(mktemp -d)
    (cd "$downloads" && apt_get download "${@:1:$#-1}")
    for archive in "$downloads"/*.deb; do
        dpkg-deb --extract "$archive" "$folder"
    done
    rm -rf "$downloads"
}

# unpack_source PACKAGE FOLDER: Debian's source package with Debian's patches, from wherever this machine gets its
# packages. The machine's own list of sources stays as it is: `deb-src` is derived from it for this one call.
unpack_source() {
    local package=$1 folder=$2 apt file options
    apt=$(mktemp -d)
    mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/download"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -e $file ]] || continue
        sed -nE 's/^[[:space:]]*deb([[:space:]])/deb-src\1/p' "$file" >"$apt/parts/$(basename "$file" .list).list"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -e $file ]] || continue
        sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/$(basename "$file")"
    done
    options=(
        -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$apt/parts" -o "Dir::State::lists=$apt/lists"
    )
    # A third party's repository without sources fails here, and does not matter.
    apt_get "${options[@]}" update || true
    (cd "$apt/download" && apt_get "${options[@]}" source --download-only "$package")
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    dpkg-source --no-check --no-copy --extract "$apt"/download/*.dsc "$folder"
    rm -rf "$apt"
}
