#!/usr/bin/env bash
# faults-show.sh [LBKIT_JAR]: a balancer whose engine is frozen, killed and restarted, with and without live-restore, under
# requests. Engine and balancer run in a network namespace of their own. Root only; needs dockerd, docker, curl, nsenter, and
# an image of the demo server (lbkit/demo:…, which `serve --pool docker` builds) on the engine that `docker` talks to.
set -u
jar=$(realpath "${1:-$(dirname "$0")/../target/lbkit.jar}")
dir=$(mktemp -d /tmp/lbflt.XXXX)
name=lbflt
engine=
balancer=
load=
finish() {
    for pid in $load $balancer; do kill "$pid" && wait "$pid"; done
    kill -CONT "$engine"; kill "$engine" && wait "$engine"
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

inside() { nsenter --net=/run/netns/$name "$@"; }
on() { docker -H "unix://$dir/s" "$@"; }
start_engine() {
    rm -f "$dir/pid" "$dir/exec/containerd/containerd.pid"
    # ip netns exec would mount /sys anew and hide the control groups
    nsenter --net=/run/netns/$name dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" -H "unix://$dir/s" "$@" \
        >>"$dir/log" 2>&1 </dev/null &
    engine=$!
}
answers() { on version >/dev/null 2>&1; }
admin() { inside curl -s -m 30 "$@"; }
age() { admin http://127.0.0.1:7433/servers | grep -o '"ageMillis":[0-9]*' | cut -d: -f2; }
ready() { admin http://127.0.0.1:7433/ready | grep -o '"ready":[0-9]*' | cut -d: -f2; }
generations() { admin 'http://127.0.0.1:7432/rep?verbose=true' | grep -o '"generation":[0-9]*' | sort; }
now() { date +%s%N; }
since() { echo $((($(now) - $1) / 1000000)) ms; }
await() { # what, condition…; prints how long it took
    local what=$1 begin=$(now); shift
    until "$@"; do [ $((($(now) - begin) / 1000000000)) -lt 60 ] || { echo "  $what: not within 60 s"; return 1; }; sleep 0.02; done
    echo "  $what: $(since "$begin")"
}
old() { [ "$(age)" -gt 0 ]; }
fresh() { [ "$(age)" = 0 ]; }
three() { [ "$(ready)" = 3 ]; }
renewed() { three && [ -z "$(comm -12 <(echo "$before") <(generations))" ]; }
requests() { # since the last call: how many, and how many were wrong
    local lines; lines=$(wc -l <"$dir/requests")
    echo "  requests meanwhile: $((lines - seen)), not 200: $(tail -n +$((seen + 1)) "$dir/requests" | grep -vc '^200$')"
    seen=$lines
}

ip netns add $name && ip -n $name link set lo up || exit 1
start_engine --live-restore
for _ in $(seq 150); do answers && break; sleep 0.1; done
image=$(docker images --format '{{.Repository}}:{{.Tag}}' | grep '^lbkit/demo:' | head -n 1)
docker save "$image" | on load -q
DOCKER_HOST=unix://$dir/s nsenter --net=/run/netns/$name java -jar "$jar" serve --reserved-paths on --state-dir "$dir/state" --health-path /heartbeat \
    --pool "docker:$image?port=5000&servers=3&network=bridge&probe-path=/heartbeat&env=SERVER_ID={id}" >"$dir/out" 2>&1 &
balancer=$!
for _ in $(seq 300); do grep "ready on" "$dir/out" && break; sleep 0.1; done
nsenter --net=/run/netns/$name bash -c 'while :; do curl -s -m 5 -o /dev/null -w "%{http_code}\n" http://127.0.0.1:7432/home; sleep 0.01; done' >"$dir/requests" &
load=$!
seen=0
sleep 2; requests

echo "frozen (SIGSTOP) for 25 s:"
kill -STOP $engine; begin=$(now)
await "the pool says that it is out of date" old
add=$(now); answer=$(admin -X POST http://127.0.0.1:7432/add -d '{"n":1,"hostnames":["late"]}' -H 'Content-Type: application/json')
echo "  an addition is answered after $(since "$add"): ${answer:0:160}"
while [ $((($(now) - begin) / 1000000000)) -lt 25 ]; do sleep 0.1; done
kill -CONT $engine
await "thawed, the pool is up to date" fresh
[ -z "$(admin http://127.0.0.1:7432/rep | grep late)" ] || admin -X DELETE http://127.0.0.1:7432/rm -d '{"n":1,"hostnames":["late"]}' -H 'Content-Type: application/json' >/dev/null
await "three servers are ready" three
requests

echo "killed (SIGKILL), away for 10 s, back with live-restore:"
before=$(generations)
kill -KILL $engine; wait $engine 2>/dev/null
await "the pool says that it is out of date" old
sleep 10; start_engine --live-restore
await "the engine answers" answers
await "the pool is up to date" fresh
[ "$(generations)" = "$before" ] && echo "  the same three containers"
requests

echo "killed, back without live-restore, which ends its containers:"
before=$(generations)
kill -KILL $engine; wait $engine 2>/dev/null
sleep 1; start_engine
await "the engine answers" answers
await "all three are replaced and ready" renewed
requests

echo "stopped (SIGTERM), which ends its containers one by one, and back:"
before=$(generations)
kill -TERM $engine; wait $engine 2>/dev/null
requests
start_engine
await "the engine answers" answers
await "all three are replaced and ready" renewed
requests
