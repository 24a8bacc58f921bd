#!/usr/bin/env bash
# filter-base.sh [TAG]: a base image with nothing but HAProxy and a shell, made of those that are installed on this machine (Debian's
# package haproxy, say). Needs no registry: FROM scratch. Linux, with ldd.
set -euo pipefail
tag=${1:-lbkit/filter-base:local}
haproxy=$(PATH=$PATH:/usr/sbin command -v haproxy) || { echo "filter-base.sh: no haproxy is installed here" >&2; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/rootfs/bin"
cp -L "$haproxy" "$dir/rootfs/bin/haproxy"
cp -L /bin/sh "$dir/rootfs/bin/sh"
{ ldd "$haproxy"; ldd /bin/sh; } | awk '/=> \//{print $3} /^\t\//{print $1}' | sort -u | while read -r library; do
    mkdir -p "$dir/rootfs$(dirname "$library")"
    cp -L "$library" "$dir/rootfs$library"
done
printf 'FROM scratch\nCOPY rootfs/ /\nENV PATH=/bin\n' >"$dir/Dockerfile"
docker build -q -t "$tag" "$dir" >/dev/null
echo "$tag"
