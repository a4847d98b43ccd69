"""Sessions on a running home: the process runtime against its bare recipe, durable sessions/s over noop, executes.

Usage: ./slipway up --home DIR --no-demo; python3 benchmarks/sessions.py DIR/client.env {process|noop|execute}
"""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import tempfile
import time
import uuid

from measure import in_turn, report, summary, timed
from wire import Client

BARE = [
    "bwrap", "--unshare-all", "--new-session", "--ro-bind", "/usr", "/usr",
    "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
    "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin",
]  # fmt: skip


def create(client, image, wait=True):
    name = "bench-" + uuid.uuid4().hex[:12]
    answer = client.call(
        "POST",
        "/session",
        {
            "name": name,
            "image": image,
            "enqueueOnly": not wait,
            "maxWaitSeconds": 60,
            "reuseIfExists": False,
            "config": {"resources": {"cpu": "1", "mem": "256m"}},
        },
    )
    if wait and answer["status"] != "RUNNING":
        raise SystemExit(f"{name} is {answer['status']}")
    return name


def destroy(client, name):
    client.call("DELETE", f"/session/{name}?forced=true")


def execute(client, name, code):
    body = {"runId": None, "mode": "query", "code": code, "options": {}}
    while True:
        result = client.call("POST", f"/session/{name}", body)["result"]
        if result["status"] == "finished":
            return result
        body = {"runId": result["runId"], "mode": "continue", "code": "", "options": {}}


def process(client, rounds):
    """Accepted to RUNNING (Python's answer included) against a bare bubblewrap with a Python that answers."""

    def ours():
        began = time.perf_counter()
        name = create(client, "python")
        took = time.perf_counter() - began
        destroy(client, name)
        return took * 1000

    def floor():
        home = tempfile.mkdtemp(prefix="slipway-floor")
        try:
            command = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"] if os.geteuid() == 0 else []
            os.chmod(home, 0o777)
            command += BARE + ["--bind", home, "/home/work", "--chdir", "/home/work", "/usr/bin/python3", "-c", "print(1)"]
            return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) * 1000
        finally:
            shutil.rmtree(home, ignore_errors=True)

    ours(), floor()
    return in_turn(ours, floor, rounds, "ms", more_is_better=False)


def noop(client, rounds):
    """Sessions per second from acceptance to their end, durable, eight clients, over the runtime that does nothing."""

    def life(_):
        destroy(client, create(client, "noop/noop:latest"))

    rates = []
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        list(clients.map(life, range(50)))
        for _ in range(rounds):
            rates.append(200 / timed(lambda: list(clients.map(life, range(200)))))
    return {"unit": "sessions/s", "more is better": True, "ours": summary(rates)}


def round_trip(client, rounds):
    """Execute of 1+1, request to answer, against the same HTTP server's smallest signed answer."""
    name = create(client, "python")
    try:
        execute(client, name, "1+1")
        ours = lambda: timed(lambda: execute(client, name, "1+1")) * 1000  # noqa: E731
        floor = lambda: timed(lambda: client.call("GET", "/auth?echo=x")) * 1000  # noqa: E731
        return in_turn(ours, floor, rounds * 20, "ms", more_is_better=False)
    finally:
        destroy(client, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("env_file")
    parser.add_argument("what", choices=("process", "noop", "execute"))
    parser.add_argument("--rounds", type=int, default=10)
    words = parser.parse_args()
    measure = {"process": process, "noop": noop, "execute": round_trip}[words.what]
    report(words.what, measure(Client(words.env_file), words.rounds))


if __name__ == "__main__":
    main()
