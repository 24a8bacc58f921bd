#!/usr/bin/env python3
"""Requests through a running balancer while its containers are killed, removed and paused: what fails, and how long
each step of healing takes.

    chaos.py [--url http://127.0.0.1:7432] [--admin http://127.0.0.1:7433] [--requests 40000] [--kills 20]
             [--kinds kill,remove,pause,hang]

Run it beside: java -jar lb-examples/target/lbkit.jar serve --pool docker
"""
import argparse, http.client, json, random, socket, statistics, threading, time
from urllib.parse import urlsplit

args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("--url", default="http://127.0.0.1:7432")
args.add_argument("--admin", default="http://127.0.0.1:7433")
args.add_argument("--socket", default="/var/run/docker.sock")
args.add_argument("--requests", type=int, default=40000)
args.add_argument("--clients", type=int, default=16)
args.add_argument("--kills", type=int, default=20, help="of each kind")
args.add_argument("--kinds", default="kill,remove,pause,hang")
args.add_argument("--spare", type=float, default=11, help="seconds between two kills of one server: one that fails again"
                  " within 10 s is replaced after a pause, which is not what is measured here")
args.add_argument("--seed", type=int, default=1)
args = args.parse_args()
draw = random.Random(args.seed)


class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(args.socket)


def engine(method, path):
    connection = Engine("docker")
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


class Client:
    """One kept connection."""

    def __init__(self, url):
        self.where, self.connection = urlsplit(url), None

    def ask(self, method, path, body=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=40)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise


admin = Client(args.admin)


def servers():
    return json.loads(admin.ask("GET", "/rep?verbose=true")[1])["message"]["servers"]


def container(instance):
    names = [c["Names"][0][1:] for c in json.loads(engine("GET", "/containers/json?all=1")[1])]
    return next(n for n in names if n.startswith(instance + "."))


def settle(count):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        now = servers()
        if len(now) == count and all(s["state"] == "READY" for s in now):
            return
        time.sleep(0.05)
    raise SystemExit(f"not {count} ready servers within a minute: {servers()}")


KINDS = {"kill": ("POST", "/kill"), "remove": ("DELETE", "?force=1"), "pause": ("POST", "/pause"),
         "hang": ("POST", "/kill?signal=SIGSTOP")}


def strike_and_watch(kind, number):
    """Strikes one; seconds until it is not ready any more, and until its replacement is."""
    victim = servers()[number]
    name = container(victim["instance"])
    begin = time.monotonic()
    method, path = KINDS[kind]
    killer = threading.Thread(target=engine, args=(method, f"/containers/{name}{path}"))
    killer.start()
    down = None
    while True:
        now = next(s for s in servers() if s["id"] == victim["id"])
        elapsed = time.monotonic() - begin
        changed = now["state"] != "READY" or now["generation"] != victim["generation"]
        if changed and down is None:
            down = elapsed
        if changed and now["state"] == "READY":
            killer.join()
            return down, elapsed
        if elapsed > 30:
            raise SystemExit(f"{victim} was not replaced within 30 s")


def phases(kind):
    count, downs, replaced = len(servers()), [], []
    time.sleep(args.spare)
    for strike in range(args.kills):
        settle(count)
        down, ready = strike_and_watch(kind, strike % count)
        time.sleep(args.spare / count)
        downs.append(down * 1000)
        replaced.append(ready * 1000)
    for what, values in ((f"{kind} to not picked", downs), (f"{kind} to replacement ready", replaced)):
        values.sort()
        print(f"{what}: p50 {statistics.median(values):.0f} ms, min {values[0]:.0f}, max {values[-1]:.0f}, of {len(values)}")


def load():
    left, lock, failures, latencies = [args.requests], threading.Lock(), [], []

    def client(number):
        connection = Client(args.url)
        while True:
            with lock:
                if left[0] <= 0:
                    return
                left[0] -= 1
            begin = time.monotonic()
            try:
                status, body = connection.ask("GET", "/home")
                if status != 200:
                    failures.append((status, body[:100]))
            except (OSError, http.client.HTTPException) as e:
                failures.append(repr(e))
            latencies.append(time.monotonic() - begin)

    count = len(servers())
    threads = [threading.Thread(target=client, args=(i,)) for i in range(args.clients)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    done = []
    changer = Client(args.url)
    steps = ["kill", "rm -f", "pause", "add", "rm"]
    while any(thread.is_alive() for thread in threads):
        step = steps[len(done) % len(steps)]
        if step == "add":
            answer = changer.ask("POST", "/add", json.dumps({"n": 1, "hostnames": ["extra"]}))
            assert answer[0] == 200, answer
        elif step == "rm":
            answer = changer.ask("DELETE", "/rm", json.dumps({"n": 1, "hostnames": ["extra"]}))
            assert answer[0] == 200, answer
        else:
            ready = [s for s in servers() if s["state"] == "READY"]
            if len(ready) < 2:
                time.sleep(0.05)
                continue
            name = container(draw.choice(ready)["instance"])
            method, path = {"kill": ("POST", "/kill"), "rm -f": ("DELETE", "?force=1"), "pause": ("POST", "/pause")}[step]
            engine(method, f"/containers/{name}{path}")
        done.append(step)
        time.sleep(1.0)
    took = time.monotonic() - begin
    if done.count("add") > done.count("rm"):
        changer.ask("DELETE", "/rm", json.dumps({"n": 1, "hostnames": ["extra"]}))
    settle(count)
    latencies.sort()
    print(f"{args.requests} requests in {took:.1f} s, {len(failures)} failed; meanwhile {', '.join(done)}")
    print(f"latency p50 {latencies[len(latencies) // 2] * 1000:.1f} ms, p99 {latencies[len(latencies) * 99 // 100] * 1000:.1f} ms,"
          f" max {latencies[-1] * 1000:.0f} ms; {count} servers again")
    for failure in failures[:5]:
        print("failed:", failure)


settle(len(servers()))
if args.requests:
    load()
for kind in args.kinds.split(",") if args.kills else []:
    phases(kind)
