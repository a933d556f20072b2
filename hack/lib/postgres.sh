# A PostgreSQL image for the tests of embedded databases, made from Debian's packages: it reads what Docker's official image
# reads, as far as the operator writes it.

readonly POSTGRES_IMAGE=todoapp-postgres:local
readonly POSTGRES=$CACHE/postgres

ensure_postgres() {
    command -v apt-get >/dev/null || [[ -e $POSTGRES ]] || die "the database's image takes Debian's postgresql"
    cached "$POSTGRES" unpack_postgres >&2
}

# The server with all libraries that it needs, but for LLVM: a demo compiles no queries, and it would be half of the image.
unpack_postgres() {
    local folder=$1 server packages
    update_package_lists
    server=$(apt-cache depends postgresql | sed -nE 's/^ +Depends: (postgresql-[0-9]+)$/\1/p' | head -n 1)
    [[ -n $server ]] || die "Debian's list of packages has no postgresql"
    mapfile -t packages < <(
        apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
            "$server" | sed -nE 's/^((lib|zlib)[^ ]*)$/\1/p' |
            grep --invert-match --extended-regexp '^lib(llvm|clang|perl|z3|.*-perl|.*-dev$)' | sort --unique
    )
    unpack_packages "$server" "postgresql-client-${server##*-}" "${packages[@]}" "$folder"
    rm -rf "$folder"/usr/share/{doc,man,locale,lintian,bug} "$folder"/usr/lib/postgresql/*/lib/bitcode
    ln -s "$(cd "$folder/usr/lib/postgresql" && echo *)" "$folder/usr/lib/postgresql/here"
}

# make_postgres FOLDER: what stands beside Debian's files.
make_postgres() {
    local program
    mkdir -p "$1/bin" "$1/etc" "$1/tmp" "$1/var/lib/postgresql/data"
    chmod 1777 "$1/tmp"
    cp "$BUSYBOX/bin/busybox" "$1/bin/busybox"
    for program in sh cat chmod env id ls mkdir mv rm sleep; do
        ln -s busybox "$1/bin/$program"
    done
    printf 'root:x:0:0:root:/:/bin/sh\npostgres:x:999:999:postgres:/:/bin/sh\n' >"$1/etc/passwd"
    printf 'root:x:0:\npostgres:x:999:\n' >"$1/etc/group"
    cat >"$1/entrypoint" <<'SH'
#!/bin/sh
set -eu
umask 077
if [ ! -e "$PGDATA" ]; then
    # Under another name until it is whole: whoever is killed half way begins anew.
    rm -rf "$PGDATA.new"
    printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/password
    initdb --pgdata="$PGDATA.new" --username="$POSTGRES_USER" --pwfile=/tmp/password \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C
    rm /tmp/password
    printf 'host all all all scram-sha-256\n' >>"$PGDATA.new/pg_hba.conf"
    printf "listen_addresses = '*'\nunix_socket_directories = '/tmp'\njit = off\n" >>"$PGDATA.new/postgresql.conf"
    printf 'CREATE DATABASE "%s"\n' "$POSTGRES_DB" | postgres --single -D "$PGDATA.new" postgres
    mv "$PGDATA.new" "$PGDATA"
fi
# A kubelet that hands the volume to the pod's group gives it more than PostgreSQL bears.
chmod 0700 "$PGDATA"
exec postgres -D "$PGDATA" "$@"
SH
    chmod 0755 "$1/entrypoint"
}

postgres_configuration() {
    jq --null-input '{
        Entrypoint: ["/entrypoint"], Env: ["PATH=/usr/lib/postgresql/here/bin:/bin"], WorkingDir: "/",
        StopSignal: "SIGINT", User: "999:999"
    }'
}
