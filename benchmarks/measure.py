"""What the scripts share: runs in turn, median, spread, one JSON object on standard output."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(ROOT, "etc", "launcher"))


def summary(values):
    """Returns median and spread (lowest, highest, quartiles) of some measurements."""
    ordered = sorted(values)
    quartiles = statistics.quantiles(ordered, n=4) if len(ordered) > 1 else [ordered[0]] * 3
    return {
        "median": round(statistics.median(ordered), 3),
        "lowest": round(ordered[0], 3),
        "highest": round(ordered[-1], 3),
        "quartiles": [round(quartiles[0], 3), round(quartiles[2], 3)],
        "count": len(ordered),
    }


def in_turn(ours, floor, rounds, unit, more_is_better):
    """Runs both in turn, A B A B, and returns both summaries and the ratio of their medians (ours to floor)."""
    ours_values, floor_values = [], []
    for _ in range(rounds):
        ours_values.append(ours())
        floor_values.append(floor())
    ratio = statistics.median(ours_values) / statistics.median(floor_values)
    return {
        "unit": unit,
        "more is better": more_is_better,
        "ours": summary(ours_values),
        "floor": summary(floor_values),
        "ratio": round(ratio, 3),
    }


def timed(call):
    """Returns how many seconds a call took."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def launcher(*words, check=True):
    """Runs ./slipway and returns what it printed."""
    done = subprocess.run(
        [os.path.join(ROOT, "slipway"), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if check and done.returncode != 0:
        sys.exit(f"slipway {' '.join(words)} failed:\n{done.stdout}")
    return done.stdout


def commit():
    """Returns the commit that is measured; "unknown" outside a repository."""
    done = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def resident_megabytes(pid):
    """Returns the resident memory of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kilobytes / 1024


def report(name, result):
    """Prints one measurement."""
    print(json.dumps({"benchmark": name, "commit": commit(), **result}, indent=2))


def free_port():
    """Returns a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
