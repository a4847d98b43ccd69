"""Sessions on a Docker engine of its own, each in turn with create and start by that engine's API.

Starts an engine in namespaces (itests' engine.sh; needs root and dockerd) and a home that uses it, and prints one JSON object:
request of a session to RUNNING, eight sessions at once, execute, and the server's memory with many containers running.

A server that has just started compiles, which takes more of two cores than a session does: it first runs --warm-up sessions.

Usage: docker.py [--rounds N] [--containers N] [--warm-up N] [--home DIR --engine DIR]   (both folders are made, and removed
at the end)
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

from measure import ROOT, free_port, in_turn, launcher, report, resident_megabytes, summary, timed
from sessions import execute
from wire import Client, Refused

SCRIPTS = os.path.join(ROOT, "itests/src/test/resources/io/slipway/itests/docker")
IMAGE = "test/busybox:1"
TOGETHER = 8
LIMIT = 60


class Engine(http.client.HTTPConnection):
    """A connection to the engine's API over its socket."""

    def __init__(self, path):
        super().__init__("engine", timeout=LIMIT)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

    def call(self, method, target, body=None):
        """Sends one request and returns the decoded answer."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        self.request(method, target, None if body is None else json.dumps(body), headers)
        answer = self.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise Refused(f"{method} {target}: {answer.status} {text.decode(errors='replace')[:300]}")
        return json.loads(text) if text else None

    def start(self):
        """Creates and starts a container that is confined as a kernel's is, but has nothing of ours in it."""
        body = {
            "Image": IMAGE,
            "Cmd": ["/bin/sleep", "3600"],
            "User": "1000:1000",
            "HostConfig": {
                "NetworkMode": "none",
                "Init": True,
                "Memory": 256 << 20,
                "MemorySwap": 256 << 20,
                "NanoCpus": 1_000_000_000,
                "PidsLimit": 1024,
                "CapDrop": ["ALL"],
                "SecurityOpt": ["no-new-privileges"],
                "LogConfig": {"Type": "json-file", "Config": {"max-size": "2m", "max-file": "2"}},
                "Tmpfs": {"/tmp": "rw,size=64m"},
            },
        }
        name = self.call("POST", "/containers/create?name=floor-" + uuid.uuid4().hex, body)["Id"]
        self.call("POST", f"/containers/{name}/start")
        return name

    def remove(self, name):
        self.call("DELETE", f"/containers/{name}?force=true&v=true")


class Bench:
    """One server and one engine."""

    def __init__(self, client, path, pid):
        self.client = client
        self.path = path
        self.pid = pid

    def create(self):
        answer = self.client.call(
            "POST",
            "/session",
            {
                "name": "bench-" + uuid.uuid4().hex[:12],
                "image": IMAGE,
                "enqueueOnly": False,
                "maxWaitSeconds": LIMIT,
                "config": {"resources": {"cpu": "1", "mem": "256m"}},
            },
        )
        if answer["status"] != "RUNNING":
            raise SystemExit(f"{answer['sessionName']} is {answer['status']}")
        return answer["sessionId"]

    def destroy(self, *sessions):
        """Ends sessions and waits until their containers are gone, so that the next measurement has the machine alone."""
        for session in sessions:
            self.client.call("DELETE", f"/session/{session}?forced=true")
        self.settle(lambda: not Engine(self.path).call("GET", "/containers/json?all=true"))

    def settle(self, is_quiet):
        deadline = time.monotonic() + LIMIT
        while not is_quiet():
            if time.monotonic() > deadline:
                raise SystemExit("the engine still has containers of sessions that ended")
            time.sleep(0.05)

    def warm_up(self, count):
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            for _ in range(0, count, TOGETHER):
                self.destroy(*pool.map(lambda _: self.create(), range(TOGETHER)))

    def single(self, rounds):
        """One session, from its request to the answer that it runs, against create and start."""
        engine = Engine(self.path)

        def ours():
            began = time.perf_counter()
            session = self.create()
            took = time.perf_counter() - began
            self.destroy(session)
            return took * 1000

        def floor():
            began = time.perf_counter()
            name = engine.start()
            took = time.perf_counter() - began
            engine.remove(name)
            return took * 1000

        for _ in range(5):
            ours(), floor()
        values = {"ours": [], "floor": []}

        def kept(name, call):
            def run():
                values[name].append(call())
                return values[name][-1]

            return run

        result = in_turn(kept("ours", ours), kept("floor", floor), rounds, "ms", more_is_better=False)
        p50 = statistics.median(values["ours"]) - statistics.median(values["floor"])
        return result | {"p50 more": round(p50, 1), "p99 more": round(p99(values["ours"]) - p99(values["floor"]), 1)}

    def parallel(self, rounds):
        """Eight sessions that are asked for at once, until the last one runs: starts per second."""
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:

            def ours():
                began = time.perf_counter()
                sessions = list(pool.map(lambda _: self.create(), range(TOGETHER)))
                took = time.perf_counter() - began
                self.destroy(*sessions)
                return TOGETHER / took

            def floor():
                began = time.perf_counter()
                names = list(pool.map(lambda _: Engine(self.path).start(), range(TOGETHER)))
                took = time.perf_counter() - began
                for name in names:
                    Engine(self.path).remove(name)
                return TOGETHER / took

            ours(), floor()
            return in_turn(ours, floor, rounds, "starts/s", more_is_better=True)

    def round_trip(self, rounds):
        """Execute of a line of shell, request to answer, against the server's smallest signed answer."""
        session = self.create()
        try:
            execute(self.client, session, "echo 1")
            ours = lambda: timed(lambda: execute(self.client, session, "echo 1")) * 1000  # noqa: E731
            floor = lambda: timed(lambda: self.client.call("GET", "/auth?echo=x")) * 1000  # noqa: E731
            return in_turn(ours, floor, rounds * 5, "ms", more_is_better=False)
        finally:
            self.destroy(session)

    def memory(self, count):
        """The server's resident memory before and with many running containers."""
        before = resident_megabytes(self.pid)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sessions = list(pool.map(lambda _: self.create(), range(count)))
        time.sleep(15)  # their statistics are read, their states are reported
        during = resident_megabytes(self.pid)
        running = len(Engine(self.path).call("GET", "/containers/json"))
        self.destroy(*sessions)
        return {"containers": running, "before, MB": round(before, 1), "with them, MB": round(during, 1)}


def p99(values):
    """Returns the 99th percentile, which of less than a hundred values is the largest."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def set_up(home, engine):
    """Starts an engine with images and a home that uses it; returns the client and the server's process id."""
    subprocess.run(["sh", os.path.join(SCRIPTS, "engine.sh"), "up", engine], check=True)
    path = os.path.join(engine, "docker.sock")
    subprocess.run(["sh", os.path.join(SCRIPTS, "images.sh"), path], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(os.path.join(home, "etc"))
    for pid, text in (
        ("runtime.docker", f"host=unix://{path}"),
        ("agent.node", "inventoryMillis=1000"),
        ("accelerator.cpu", "declaredCores=256"),
        ("accelerator.mem", "declared=1t"),
    ):
        with open(os.path.join(home, "etc", f"io.slipway.{pid}.cfg"), "w", encoding="utf-8") as settings:
            settings.write(text + "\n")
    launcher("up", "--home", home, "--api-port", str(free_port()), "--no-demo")
    client = Client(os.path.join(home, "client.env"))
    await_image(client)
    with open(os.path.join(home, "slipway.pid"), encoding="utf-8") as file:
        return client, path, int(file.read())


def await_image(client):
    deadline = time.monotonic() + LIMIT
    while True:
        answer = client.call("POST", "/admin/gql", {"query": "{ images { name registry tag } }", "variables": None})
        if any("busybox" in (image["name"] or "") for image in answer["data"]["images"]):
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"{IMAGE} did not come into the catalog")
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--containers", type=int, default=100)
    parser.add_argument("--warm-up", type=int, default=120)
    parser.add_argument("--home")
    parser.add_argument("--engine")
    words = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("dockerd") or not shutil.which("docker"):
        sys.exit("an engine of its own needs root, dockerd and docker")
    folder = tempfile.mkdtemp(prefix="slipway-bench-docker")
    home, engine = words.home or os.path.join(folder, "home"), words.engine or os.path.join(folder, "engine")
    try:
        bench = Bench(*set_up(home, engine))
        bench.warm_up(words.warm_up)
        result = {
            "sessions before": words.warm_up,
            "request to RUNNING": bench.single(words.rounds),
            "eight at once": bench.parallel(max(3, words.rounds // 10)),
            "execute": bench.round_trip(words.rounds),
            "memory": bench.memory(words.containers) if words.containers else None,
        }
        report("docker", result)
    finally:
        launcher("down", "--home", home, "--sessions", check=False)
        subprocess.run(["sh", os.path.join(SCRIPTS, "engine.sh"), "down", engine], check=False)
        for leftover in (words.home, words.engine, folder):
            if leftover:
                shutil.rmtree(leftover, ignore_errors=True)


if __name__ == "__main__":
    main()
