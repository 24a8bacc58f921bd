#!/usr/bin/env bash
# swarm-show.sh [LBKIT_JAR]: a balancer before a swarm of two engines, each in a network namespace of its own: 3 servers, 10, 4, and
# one machine cut off, under load. Root only; needs dockerd, docker, busybox-static, python3. All of it is removed at the end.
set -u
jar=${1:-$(dirname "$0")/../target/lbkit.jar}
port=17432
dir=$(mktemp -d /tmp/lbshow.XXXX)
name=lbshow
net=10.97.3
engines=()
balancer=

finish() {
    touch "$dir/stop"
    [ -z "$balancer" ] || { kill "$balancer"; wait "$balancer"; }
    for pid in "${engines[@]}"; do kill "$pid"; done
    for pid in "${engines[@]}"; do wait "$pid"; done
    # what the engines have started carries the directory in its command line
    for process in /proc/[0-9]*; do
        pid=${process#/proc/}
        [ "$pid" != $$ ] && tr '\0' ' ' <"$process/cmdline" | grep -qF "$dir/" && kill -KILL "$pid"
    done
    awk -v dir="$dir/" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount -l
    for i in 1 2; do ip link del ${name}v$i; ip netns del ${name}n$i; done
    ip link del $name
    rm -rf "$dir"
} 2>/dev/null
trap finish EXIT
trap 'exit 1' INT TERM

on() { docker -H "unix://$dir/m$1.sock" "${@:2}"; }
say() { awk -v from="$began" -v now="$(date +%s.%N)" -v text="$*" 'BEGIN {printf "%6.1f s  %s\n", now - from, text}'; }
replicas() { curl -s -m 5 http://127.0.0.1:$port/rep; }
change() { curl -s -m 60 -X "$1" -H 'Content-Type: application/json' -d "{\"n\":$3,\"hostnames\":[]}" http://127.0.0.1:$port/$2; }

ip link add $name type bridge && ip addr add $net.1/24 dev $name && ip link set $name up || exit 1
for i in 1 2; do
    ip netns add ${name}n$i
    ip link add ${name}v$i type veth peer name eth0 netns ${name}n$i
    ip link set ${name}v$i master $name up
    ip -n ${name}n$i addr add $net.1$i/24 dev eth0
    ip -n ${name}n$i link set eth0 up
    ip -n ${name}n$i link set lo up
    # ip netns exec would mount /sys anew and hide the control groups
    nsenter --net=/run/netns/${name}n$i dockerd --data-root "$dir/m$i/data" --exec-root "$dir/m$i/exec" \
        --pidfile "$dir/m$i.pid" -H "unix://$dir/m$i.sock" >"$dir/m$i.log" 2>&1 </dev/null &
    engines+=($!)
    for _ in $(seq 150); do on $i version >/dev/null 2>&1 && break; sleep 0.1; done
done

mkdir -p "$dir/image/www"
cp /bin/busybox "$dir/image/"
echo well >"$dir/image/www/index.html"
cat >"$dir/image/Dockerfile" <<'END'
FROM scratch
COPY busybox /bin/busybox
COPY www /www
STOPSIGNAL SIGKILL
CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
END
for i in 1 2; do on $i build -q -t lb-test/show:local "$dir/image" >/dev/null 2>&1; done
on 1 swarm init --advertise-addr $net.11 >/dev/null
on 2 swarm join --token "$(on 1 swarm join-token -q worker)" $net.11:2377
on 1 service create -d --no-resolve-image --name shop --replicas 3 --restart-delay 0s --publish mode=host,target=8080 \
    lb-test/show:local >/dev/null

java -jar "$jar" serve --listen 127.0.0.1:$port --admin off --reserved-paths on --state-dir "$dir/state" --health-path / --key query:key \
    --pool "swarm:shop?host=unix://$dir/m1.sock" >"$dir/balancer.log" 2>&1 &
balancer=$!
for _ in $(seq 300); do grep "ready on" "$dir/balancer.log" && break; sleep 0.1; done

python3 - $port "$dir" <<'END' &
import http.client, os, sys, threading, time
port, directory = int(sys.argv[1]), sys.argv[2]
lock, total, failed, slowest = threading.Lock(), 0, [], 0.0

def client(number):
    global total, slowest
    while not os.path.exists(directory + "/stop"):
        began = time.time()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", f"/?key={total % 997}")
            answer = connection.getresponse()
            answer.read()
            connection.close()
            why = "" if answer.status == 200 else str(answer.status)
        except Exception as e:
            why = repr(e)
        with lock:
            total += 1
            slowest = max(slowest, time.time() - began)
            if why:
                failed.append(why)
        time.sleep(0.004)

clients = [threading.Thread(target=client, args=(number,)) for number in range(8)]
for one in clients: one.start()
for one in clients: one.join()
print(f"requests {total}, failed {len(failed)}, slowest {slowest:.2f} s", *failed[:10], sep="\n")
END
load=$!

began=$(date +%s.%N)
sleep 5; say "3 servers: $(replicas)"
say "add 7: $(change POST add 7)"
sleep 5; say "remove 6: $(change DELETE rm 6)"
sleep 5; ip link set ${name}v2 down; say "machine 2 is cut off"
for _ in $(seq 300); do [ "$(on 1 ps -q | wc -l)" -ge 4 ] && break; sleep 0.1; done
say "all 4 containers run on machine 1"
sleep 5; say "4 servers: $(replicas)"
ip link set ${name}v2 up; say "machine 2 is back"
sleep 10; say "4 servers: $(replicas)"
touch "$dir/stop"
wait $load
