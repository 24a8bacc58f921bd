#!/usr/bin/env bash
# base.sh [TAG]: a base image with nothing but a Java runtime, made of the JDK on this machine (JAVA_HOME, or the java on
# the path), with an archive of its classes for a fast start. Needs no registry: FROM scratch. Linux, with ldd.
set -euo pipefail
tag=${1:-lbkit/base:local}
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
[ -x "$java_home/bin/jlink" ] || { echo "base.sh: $java_home is no JDK: it has no jlink; set JAVA_HOME" >&2; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
root=$dir/rootfs
mkdir -p "$root/tmp" "$root/etc" && chmod 1777 "$root/tmp"
"$java_home/bin/jlink" --add-modules java.se,jdk.net,jdk.naming.dns,jdk.crypto.ec,jdk.unsupported \
    --strip-debug --no-header-files --no-man-pages --output "$root/jre"
{
    find "$root/jre" -type f \( -name '*.so' -o -perm -u+x \) -exec ldd {} \; 2>/dev/null |
        awk '/=> \//{print $3} /^\t\//{print $1}'
    # loaded by name when a host name is looked up
    ldconfig -p | awk '/libnss_files.so.2|libnss_dns.so.2|libresolv.so.2/{print $NF}'
} | grep -v "^$dir" | sort -u | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
"$root/jre/bin/java" -Xshare:dump >/dev/null
echo 'app:x:1000:1000::/:' >"$root/etc/passwd"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
printf 'FROM scratch\nCOPY rootfs/ /\nENV PATH=/jre/bin\n' >"$dir/Dockerfile"
docker build -q -t "$tag" "$dir" >/dev/null
echo "$tag"
