# Stand-ins for the base images that the contracts name, made of Debian's packages: no registry is needed.
#
# What they are not: Alpine. Its stand-ins have busybox and Alpine's two account programs, and Debian's libc below.

# The names that Dockerfiles use, and who makes each of them.
readonly IMAGE_BASES=(
    "python:3.13-slim make_python_slim"
    "python:3.11-slim make_old_python_slim"
    "python:3.13-alpine make_python_alpine"
    "node:20-alpine make_node_alpine"
)

# ensure_image_bases [NAME...]: those, or all of them. Another way to make the bases makes other bases.
ensure_image_bases() {
    local base made
    made=$BUILDAH_FOLDER/image-bases-$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-12)
    if [[ ! -e $made ]]; then
        for base in "${IMAGE_BASES[@]}"; do
            in_buildah rmi --force "${base% *}" >/dev/null 2>&1 || true
        done
        rm -f "$BUILDAH_FOLDER"/image-bases-*
        mkdir -p "$BUILDAH_FOLDER"
        touch "$made"
    fi
    for base in "${IMAGE_BASES[@]}"; do
        # shellcheck disable=SC2086
        (($# > 0)) && [[ " $* " != *" ${base% *} "* ]] || ensure_base $base
    done
}

make_python_slim() {
    bootstrap_release trixie "$1" ca-certificates python3 python3-pip python3-venv
    name_python "$1" 3.13
    slim "$1"
}

# Debian 12 has the Python that seed 004 names.
make_old_python_slim() {
    bootstrap_release bookworm "$1" ca-certificates python3 python3-pip python3-venv
    name_python "$1" 3.11
    slim "$1"
}

make_python_alpine() {
    local whole
    whole=$(mktemp -d)
    make_python_slim "$whole"
    copy_closure "$whole" "$1" /usr/bin/python3.13 /usr/lib/python3.13 /usr/lib/python3 /usr/bin/pip3 /usr/bin/python3 \
        /usr/share/python-wheels /etc/pip.conf /etc/uv
    name_python "$1" 3.13
    like_alpine "$whole" "$1"
    rm -rf "$whole"
}

make_node_alpine() {
    local whole
    whole=$(mktemp -d)
    bootstrap_release trixie "$whole" ca-certificates nodejs
    copy_closure "$whole" "$1" /usr/bin/node /usr/share/nodejs
    like_alpine "$whole" "$1"
    mkdir -p "$1/usr/local/bin"
    npm_without_registry >"$1/usr/local/bin/npm"
    chmod 0755 "$1/usr/local/bin/npm"
    rm -rf "$whole"
}

# bootstrap_release RELEASE FOLDER PACKAGE...
bootstrap_release() {
    local release=$1 folder=$2 packages
    shift 2
    packages=$(IFS=,; printf '%s' "$*")
    debootstrap --variant=minbase "--include=$packages" "$release" "$folder" "$(debian_mirror)"
    rm -rf "$folder"/var/cache/apt/*.bin "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
    trust_the_same "$folder"
}

# What this machine trusts, pip and uv trust in there: behind a proxy that breaks TLS open nothing is fetched otherwise.
# Files and no variables: those would be in every image.
trust_the_same() {
    mkdir -p "$1/etc/ssl/certs" "$1/etc/uv"
    cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
    cp /etc/resolv.conf "$1/etc/resolv.conf"
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\ndisable-pip-version-check = true\ntimeout = 180\n' \
        >"$1/etc/pip.conf"
    printf 'native-tls = true\n' >"$1/etc/uv/uv.toml"
}

# As the official images call it; Debian's own mark against pip belongs to a system that has other users of Python.
name_python() {
    mkdir -p "$1/usr/local/bin"
    ln -sf "/usr/bin/python$2" "$1/usr/local/bin/python"
    ln -sf "/usr/bin/python$2" "$1/usr/local/bin/python3"
    ln -sf /usr/bin/pip3 "$1/usr/local/bin/pip"
    rm -f "$1/usr/lib/python$2/EXTERNALLY-MANAGED"
}

# What slim images leave out too.
slim() {
    rm -rf "$1"/usr/share/{doc,info,locale,man,i18n,zoneinfo} "$1"/var/log/* "$1"/usr/lib/python3*/{idlelib,tkinter,test}
    find "$1/usr/lib" -name __pycache__ -type d -prune -exec rm -rf {} +
}

# copy_closure FROM TO PATH...: files and folders, and every library that a program or an extension among them loads.
copy_closure() {
    local from=$1 to=$2 library
    shift 2
    # Debian's folders below / are links into /usr.
    mkdir -p "$to/usr" "$to/tmp" "$to/etc" "$to/root" "$to/var"
    cp -a "$from"/{bin,sbin,lib,lib64} "$to/"
    mkdir -p "$to"/usr/{bin,sbin,lib,lib64}
    chmod 1777 "$to/tmp"
    (cd "$from" && cp -a --parents "${@/#/.}" "$to")
    find "$to" -type f \( -perm -u+x -o -name '*.so*' \) -print0 |
        while IFS= read -r -d '' file; do
            chroot "$from" ldd "${file#"$to"}" 2>/dev/null || true
        done | grep -oE '/(usr/)?lib[^ ]*' | sort --unique >"$to/tmp/libraries"
    # What wheels take for granted on any Linux.
    (cd "$from" && printf '%s\n' usr/lib/*/lib{stdc++,gcc_s,z,m,rt,dl,pthread,util}.so*) >>"$to/tmp/libraries"
    while read -r library; do
        library=/${library#/}
        [[ $library == /usr/* ]] || library=/usr$library
        (cd "$from" && cp -a --parents ".$library" ".$(chroot "$from" readlink --canonicalize "$library")" "$to") || true
    done <"$to/tmp/libraries"
    rm "$to/tmp/libraries"
}

# like_alpine FROM TO: busybox for everything else, and Alpine's programs for accounts.
like_alpine() {
    local applet
    cached "$CACHE/busybox-static" unpack_packages busybox-static
    cp "$CACHE/busybox-static/bin/busybox" "$2/usr/bin/busybox"
    for applet in $("$2/usr/bin/busybox" --list); do
        [[ -e $2/usr/bin/$applet || -e $2/usr/sbin/$applet ]] || ln -s busybox "$2/usr/bin/$applet"
    done
    cp "$1"/etc/{passwd,group,nsswitch.conf} "$2/etc/"
    mkdir -p "$2/etc/ssl/certs"
    trust_the_same "$2"
    accounts_like_alpine group >"$2/usr/sbin/addgroup"
    accounts_like_alpine passwd >"$2/usr/sbin/adduser"
    chmod 0755 "$2"/usr/sbin/{addgroup,adduser}
    slim "$2"
}

# Debian's busybox is built without these two. As much of them as the contracts' Dockerfiles use.
accounts_like_alpine() {
    cat <<SH
#!/bin/sh
# A stand-in for Alpine's program: -S -D -H, -g GID or -u UID -G GROUP -h HOME, NAME.
set -eu
number= group= home=/home
while getopts SDHg:u:G:h: option; do
    case \$option in
        g | u) number=\$OPTARG ;;
        G) group=\$(sed -n "s/^\$OPTARG:[^:]*:\([0-9]*\):.*/\1/p" /etc/group) ;;
        h) home=\$OPTARG ;;
    esac
done
shift \$((OPTIND - 1))
SH
    # shellcheck disable=SC2016
    case $1 in
        group) printf '%s\n' 'echo "$1:x:$number:" >>/etc/group' ;;
        passwd) printf '%s\n' 'echo "$1:x:$number:${group:-65533}::$home:/sbin/nologin" >>/etc/passwd' ;;
    esac
}

# npm is not in Debian's nodejs, and no registry may be in reach. An app without dependencies needs no more than this.
npm_without_registry() {
    cat <<'JS'
#!/usr/bin/env node
// A stand-in for npm: "ci" for an app without dependencies, "run NAME".
const { readFileSync } = require('node:fs');
const { execSync } = require('node:child_process');
const [verb, name] = process.argv.slice(2);
if (verb === 'ci') {
  const packages = Object.keys(JSON.parse(readFileSync('package-lock.json')).packages ?? {}).filter(Boolean);
  if (packages.length > 0) throw new Error(`this stand-in for npm fetches nothing: ${packages[0]}`);
} else if (verb === 'run') {
  execSync(JSON.parse(readFileSync('package.json')).scripts[name], { stdio: 'inherit' });
} else {
  throw new Error(`this stand-in for npm knows ci and run, and not ${verb}`);
}
JS
}
