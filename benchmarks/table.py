"""Prints the table of README.md from the folder of results that all.sh made. Usage: table.py FOLDER"""

import json
import os
import sys

from measure import commit


def read(folder, name):
    """Returns one result, or nothing if that benchmark failed."""
    try:
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
            text = file.read()
            return json.loads(text[text.index("{") :])  # Maven colours the line before
    except (OSError, ValueError):
        return {}


def spread(summary, digits=1):
    """Returns median (lowest to highest) of one summary."""
    if not summary:
        return "-"
    numbers = (summary[key] for key in ("median", "lowest", "highest"))
    return "{} ({} to {})".format(*(f"{number:,.{digits}f}" for number in numbers))


def lease(result):
    """Returns both pairs of the lease."""
    pairs = (("alone", "one thread"), ("crowded", "16 threads"))
    parts = [f"{words}, ns: {against_floor(result[name], 1)}" for name, words in pairs if name in result]
    return "; ".join(parts) or "-"


def against_floor(result, digits):
    """Returns both sides of a comparison and their ratio."""
    if "floor" not in result:
        return "-"
    return f"{spread(result['ours'], digits)} against {spread(result['floor'], digits)}: {result['ratio']}x"


def rows(folder):
    """Yields what was measured, the figures, and the aim."""
    start = read(folder, "start")
    yield "clean clone, empty Maven repository, to the demo's output, s", spread(
        read(folder, "clean-clone").get("ours"), 0
    ), "360"
    yield "first start to first answer, s", spread(start.get("first start to first answer, s")), "10"
    yield "warm start to first answer, s", spread(start.get("warm start to first answer, s")), "5"
    yield "tarball to the end of the first session, s", spread(start.get("tarball to end of first session, s")), "-"
    yield "resident after the first session, MB", spread(start.get("resident after first session, MB"), 0), "600"
    yield "resident after the sessions over `noop`, MB", spread(read(folder, "resident").get("ours"), 0), "600"
    yield "tarball, MB", spread(start.get("tarball, MB")), "-"
    many, one = read(folder, "sessions-32"), read(folder, "sessions-1")
    yield "durable sessions/s over `noop`, 32 clients", spread(many.get("ours")), "300"
    yield "the same, one client: create to RUNNING, ms", str(one.get("create to RUNNING, ms", "-")), "-"
    yield "execute `1+1` against the smallest signed answer, ms", against_floor(read(folder, "execute"), 2), "-"
    yield "create to RUNNING with Python's answer against a bare recipe, ms", against_floor(
        read(folder, "process"), 0
    ), "2x"
    floor = read(folder, "process-floor").get("true", {})
    median = floor.get("ratio", {}).get("median", "-")
    yield "process runtime, kernels/s against a bare loop of its recipe", f"{median}x", "0.5x"
    yield "signed read/s against bare Jetty, the gateway alone", against_floor(read(folder, "read-gateway"), 0), "0.4x"
    yield "signed read/s against bare Jetty, the whole server", against_floor(read(folder, "read-server"), 0), "0.4x"
    docker = read(folder, "docker")
    yield "Docker: request to RUNNING against the engine's create and start, ms", against_floor(
        docker.get("request to RUNNING", {}), 0
    ), "-"
    yield "the same, p50 and p99 more than the engine's, ms", "{} and {}".format(
        *(docker.get("request to RUNNING", {}).get(key, "-") for key in ("p50 more", "p99 more"))
    ), "25 and 100"
    yield "Docker: eight starts at once, starts/s", against_floor(docker.get("eight at once", {}), 1), "0.95x"
    yield "Docker: execute of a line of shell against the smallest signed answer, ms", against_floor(
        docker.get("execute", {}), 1
    ), "-"
    memory = docker.get("memory") or {}
    yield "resident with so many running containers, MB", "{} with {}, {} before".format(
        *(memory.get(key, "-") for key in ("with them, MB", "containers", "before, MB"))
    ), "-"
    yield "lease and close against a look-up without a lease", lease(read(folder, "lease")), "50 ns"
    yield from swaps(read(folder, "swap"))


def swaps(swap):
    """Yields what swaps took and what the load felt of them."""
    for kind, steps in swap.get("steps, ms", {}).items():
        parts = ", ".join(f"{step} {steps[step]['median']:.0f}" for step in steps if not step.startswith("all"))
        yield f"swap of {kind} without its probation, ms", f"{spread(steps['all but probation'])}; {parts}", "-"
    for name in ("without", "with"):
        found = swap.get(name, {})
        yield f"load {name} swaps, in turn: p50; p99, ms", f"{spread(found.get('p50'))}; {spread(found.get('p99'))}", "-"
    failed = swap.get("failed or repeated calls", "-")
    yield "p99 that swaps add, ms; calls failed or repeated", f"{swap.get('added p99, ms', '-')}; {failed}", "10; 0"


def main():
    print(f"Commit {commit()}, {os.cpu_count()} cores, load {os.getloadavg()[2]:.1f} over the last 15 minutes.\n")
    print("| What | Median (lowest to highest) | Aim |")
    print("|---|---|---|")
    for what, figures, aim in rows(sys.argv[1]):
        print(f"| {what} | {figures} | {aim} |")


if __name__ == "__main__":
    main()
