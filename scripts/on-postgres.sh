#!/usr/bin/env bash
# Runs a command with FARR_TEST_DATABASE naming a PostgreSQL of its own: Debian's server, in a folder that is removed afterwards, on a
# Unix socket there and nowhere else. Where no server is installed, and none can be, it says so and runs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
programs() { find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1 | xargs -r dirname; }
bin=$(programs)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's PostgreSQL, on which the portal is tested too ..."
    { apt-get install -y --no-install-recommends postgresql || { apt-get update && apt-get install -y --no-install-recommends postgresql; }; } >/dev/null 2>&1 || true
    bin=$(programs)
fi
if [ -z "$bin" ]; then
    echo "NOT RUN on PostgreSQL, for no server is installed here: apt-get install postgresql; then again: $*"
    exit 0
fi
folder=$(mktemp -d -t farr-pg-XXXXXX)
as=()
# PostgreSQL refuses to run as root.
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); chown postgres "$folder"; chmod 711 "$folder"; fi
server() { (cd "$folder" && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" "$@" >/dev/null); }
stop() { server -m immediate stop || true; rm -rf "$folder"; }
trap stop EXIT
(cd "$folder" && "${as[@]}" "$bin/initdb" -D "$folder/data" -U farr --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null)
server -w -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c unix_socket_permissions=0777 -c fsync=off" start
export FARR_TEST_DATABASE="postgresql://farr@${folder//\//%2F}/postgres"
"$@"
