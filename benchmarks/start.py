"""Tarball to first answer, first session and memory; first and warm starts. Needs a build (./slipway up once)."""

import argparse
import glob
import os
import shutil
import tempfile
import threading
import time
import urllib.error
import urllib.request

from measure import ROOT, free_port, launcher, report, resident_megabytes, summary


def first_answer(port, began, answered):
    """Notes when the API answered for the first time."""
    while not answered:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                answered.append(time.perf_counter() - began)
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)


def start(home, port, *words):
    """Returns seconds to the first answer and to the end of `up`."""
    answered, began = [], time.perf_counter()
    watcher = threading.Thread(target=first_answer, args=(port, began, answered), daemon=True)
    watcher.start()
    launcher("up", "--home", home, "--api-port", str(port), *words)
    ended = time.perf_counter() - began
    watcher.join(5)
    return answered[0], ended


def one_round():
    folder = tempfile.mkdtemp(prefix="slipway-bench")
    home, port = os.path.join(folder, "home"), free_port()
    try:
        first, with_demo = start(home, port)
        with open(os.path.join(home, "slipway.pid"), encoding="utf-8") as pid:
            memory = resident_megabytes(int(pid.read()))
        launcher("down", "--home", home)
        warm, _ = start(home, port, "--no-demo")
        return first, with_demo, warm, memory
    finally:
        launcher("down", "--home", home, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = [one_round() for _ in range(parser.parse_args().rounds)]
    first, session, warm, memory = (summary(list(column)) for column in zip(*rounds))
    tarball = glob.glob(os.path.join(ROOT, "distributions/all-in-one/target/*.tar.gz"))[0]
    report(
        "start",
        {
            "first start to first answer, s": first,
            "tarball to end of first session, s": session,
            "warm start to first answer, s": warm,
            "resident after first session, MB": memory,
            "tarball, MB": summary([os.path.getsize(tarball) / 1e6]),
        },
    )


if __name__ == "__main__":
    main()
