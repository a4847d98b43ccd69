"""Runs a first session through the wire protocol and prints what its Python printed."""

import sys
import time

from wire import Client, Refused

CODE = """\
import math, platform
print(f"Python {platform.python_version()} answers from a session of its own")
primes = [n for n in range(2, 1000) if all(n % d for d in range(2, math.isqrt(n) + 1))]
print(f"primes below 1000: {len(primes)}, their sum: {sum(primes)}")
"""


def main(env_file):
    client = Client(env_file)
    name = f"demo-{time.time_ns() % 10**9:09d}"
    began = time.monotonic()
    created = client.call(
        "POST",
        "/session",
        {
            "name": name,
            "image": client.env["SLIPWAY_DEMO_IMAGE"],
            "group": "default",
            "domain": "default",
            "type": "interactive",
            "enqueueOnly": False,
            "maxWaitSeconds": 60,
            "reuseIfExists": False,
            "config": {"resources": {"cpu": "1", "mem": "256m"}},
        },
    )
    try:
        if created["status"] != "RUNNING":
            raise Refused(f"the session is {created['status']}")
        code = run(client, name)
    finally:
        client.call("DELETE", f"/session/{name}?forced=true")
    print(f"  (created, run and ended in {time.monotonic() - began:.1f} s)")
    return code


def run(client, name):
    """Runs the code to its end and returns its exit code."""
    body = {"runId": None, "mode": "query", "code": CODE, "options": {}}
    while True:
        result = client.call("POST", f"/session/{name}", body)["result"]
        for kind, text in result["console"] or []:
            stream = sys.stderr if kind == "stderr" else sys.stdout
            stream.write("".join(f"  | {line}\n" for line in str(text).splitlines()))
        if result["status"] not in ("continued", "waiting-input"):
            return result["exitCode"] or 0
        body = {"runId": result["runId"], "mode": "continue", "code": "", "options": {}}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except Refused as refused:
        sys.exit(f"  {refused}")
