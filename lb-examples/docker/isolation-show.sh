#!/usr/bin/env bash
# isolation-show.sh: what servers on compose.yaml's network reach and what they do not, on an engine with its packet filter,
# in a network namespace of its own. Root only; needs dockerd, docker, docker-compose or the plugin, curl, nsenter, and the
# images lbkit/base:local and lbkit/filter-base:local (base.sh, filter-base.sh) on the engine that `docker` talks to.
set -u
cd "$(dirname "$0")" || exit 1
dir=$(mktemp -d /tmp/lbiso.XXXX)
name=lbiso
finish() {
    compose down -t 5
    kill "$engine" && wait "$engine"
    for process in /proc/[0-9]*; do # what the engine has started carries the directory in its command line
        pid=${process#/proc/}
        [ "$pid" != $$ ] && tr '\0' ' ' <"$process/cmdline" | grep -qF "$dir/" && kill -KILL "$pid"
    done
    awk -v dir="$dir/" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount -l
    ip netns del $name
    rm -rf "$dir"
} >/dev/null 2>&1
trap finish EXIT
trap 'exit 1' INT TERM
on() { docker -H "unix://$dir/docker.sock" "$@"; }
compose() {
    DOCKER_HOST=unix://$dir/docker.sock DEMO_ENGINE_DIR=$dir DEMO_BASE=lbkit/base:local \
        DEMO_FILTER_BASE=lbkit/filter-base:local $composer -p lbiso -f compose.yaml "$@"
}
composer='docker compose'
docker compose version >/dev/null 2>&1 || composer=docker-compose

ip netns add $name && ip -n $name link set lo up || exit 1
# ip netns exec would mount /sys anew and hide the control groups
nsenter --net=/run/netns/$name dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
    -H "unix://$dir/docker.sock" >"$dir/log" 2>&1 </dev/null &
engine=$!
for _ in $(seq 150); do on version >/dev/null 2>&1 && break; sleep 0.1; done
docker save lbkit/base:local lbkit/filter-base:local | on load -q
compose up --build -d >"$dir/compose.log" 2>&1 || { tail -n 5 "$dir/compose.log"; exit 1; }
inside() { nsenter --net=/run/netns/$name curl -s -m 5 "$@"; }
for _ in $(seq 300); do inside http://127.0.0.1:7433/ready | grep -q '"ready":3' && break; sleep 0.2; done

container() { on ps -q --filter "$1" | head -n 1; }
pid() { on inspect -f '{{.State.Pid}}' "$(container "$1")"; }
address() { on inspect -f "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" "$(container "name=$1")"; }
server=$(pid label=lbkit.id)
balancer=$(pid name=lbiso_balancer)
[ -n "$balancer" ] || balancer=$(pid name=lbiso-balancer)
try() { # whose network, what it is, where
    local from=$1 what=$2; shift 2
    if answer=$(nsenter -t "$from" -n curl -sS -m 3 -o /dev/null -w '%{http_code}' "$@" 2>&1); then
        echo "reached      $what: $answer"
    else
        echo "not reached  $what: $(echo "$answer" | sed 's/^curl: //; s/000$//' | tr '\n' ' ')"
    fi
}
network=$(on network inspect -f '{{(index .IPAM.Config 0).Gateway}}' lbkit-servers)
filter=$(address filter "lbiso_engine")
beside=$(address balancer lbkit-servers)
echo "from the machine:"
echo "reached      the traffic listener: $(inside -o /dev/null -w '%{http_code}' http://127.0.0.1:7432/home)"
echo "reached      the admin listener: $(inside -o /dev/null -w '%{http_code}' http://127.0.0.1:7433/health)"
echo "from the balancer:"
try "$balancer" "the filter" "http://$filter:2375/_ping"
try "$balancer" "a server" "http://$(on inspect -f '{{(index .NetworkSettings.Networks "lbkit-servers").IPAddress}}' "$(container label=lbkit.id)"):5000/heartbeat"
echo "from a server:"
try "$server" "the admin listener where it listens" http://172.31.7.2:7433/health
try "$server" "the admin listener beside it" "http://$beside:7433/health"
try "$server" "the traffic listener where it listens" http://172.31.7.2:7432/home
try "$server" "the filter" "http://$filter:2375/_ping"
try "$server" "the machine's published ports, by the gateway" "http://$network:7433/health"
try "$server" "the outside" http://192.0.2.1/
nsenter -t "$server" -n ip route add 172.31.7.2/32 via "$beside" && \
    try "$server" "the admin listener, with a route that only root on the machine can add" http://172.31.7.2:7433/health
