"""Swaps on a running home: how long each step takes, by kind, and the load's p50 and p99 with and without swaps in turn.

Usage: ./slipway up --home DIR --no-demo; python3 benchmarks/swap.py DIR
"""

import argparse
import datetime
import glob
import hashlib
import os
import time

from measure import ROOT, report, summary
from swaps import Load, Plugins, Refused, open_home

KINDS = ("scheduling-policies", "noop", "process", "cpu", "mem", "mock", "config-embedded", "event-embedded")
STEPS = ("check", "install", "start", "self_test", "promote", "probation", "drain", "retire")


class Swaps:
    """Swaps plug-ins back and forth between two versions that are as good as the shipped one."""

    def __init__(self, plugins):
        self.plugins = plugins
        self.next = {}
        for kind in KINDS:
            for version in ("0.2.0", "0.2.1"):
                self.done(plugins.install(kind, plugins.version(kind, version)))

    def done(self, task):
        is_done, words = self.plugins.outcome(task)
        if not is_done:
            raise SystemExit(words)

    def swap(self, kind):
        number = self.next[kind] = self.next.get(kind, 0) + 1
        self.done(self.plugins.select(kind, f"0.2.{(number + 1) % 2}"))

    def back(self, versions):
        for kind, version in versions.items():
            self.done(self.plugins.select(kind, version))


def bring_mock(plugins):
    """Installs the simulated devices, which no home is shipped with; they stay."""
    if glob.glob(os.path.join(plugins.home, "plugins", "mock", "0.1.0*.jar")):
        return
    built = glob.glob(os.path.join(ROOT, "accelerator-bundles/mock/target/io.slipway.accelerator.mock-*T.jar"))
    if not built:
        raise SystemExit("build them first: mvn -q install -Dquick -Dmaven.test.skip=true -pl accelerator-bundles/mock -am")
    with open(built[0], "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(plugins.home, "etc/plugin-trust/mock.sha256"), "w", encoding="utf-8") as trusted:
        trusted.write(f"{digest}  mock.jar\n")
    is_done, words = plugins.outcome(plugins.install("mock", built[0]))
    if not is_done:
        raise SystemExit(words)


def moment(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def steps(lines):
    """Returns milliseconds by step, from the journal of one swap."""
    found = {}
    for line, following in zip(lines, lines[1:]):
        step = "promote" if line["step"] == "select" else line["step"]
        if step in STEPS:
            taken = (moment(following["at"]) - moment(line["at"])) * 1000
            found[step] = found.get(step, 0) + taken
    return found


def durations(plugins, swaps, rounds):
    """Swaps every kind some times under load; returns what each step took and the whole without the probation."""
    result = {}
    for kind in KINDS:
        taken = {}
        for _ in range(rounds):
            position = plugins.journal_end()
            swaps.swap(kind)
            found = steps([line for line in plugins.journal(position) if line["plugin"] == kind])
            found["all but probation"] = sum(value for step, value in found.items() if step != "probation")
            for step, value in found.items():
                taken.setdefault(step, []).append(value)
        result[kind] = {step: summary(values) for step, values in taken.items()}
    return result


def with_and_without(load, swaps, rounds, seconds):
    """The load alone and the load while the noop runtime and the cpus are swapped, in turn."""
    alone, swapped, count = [], [], 0
    for _ in range(rounds):
        begin = time.perf_counter()
        time.sleep(seconds)
        alone.append(load.between(begin, time.perf_counter()))
        begin = time.perf_counter()
        while time.perf_counter() < begin + seconds:
            swaps.swap("noop")
            swaps.swap("cpu")
            count += 2
        swapped.append(load.between(begin, time.perf_counter()))
    result = {"swaps": count, "added p99, ms": round(median(swapped, "p99") - median(alone, "p99"), 2)}
    pairs = [(one["p99"], other["p99"]) for one, other in zip(swapped, alone)]
    result["added p99 by round, ms"] = summary([one - other for one, other in pairs])
    result["p99 with to without, by round"] = summary([one / other for one, other in pairs if other > 0] or [0])
    for name, windows in (("without", alone), ("with", swapped)):
        result[name] = {key: summary([each[key] for each in windows]) for key in ("per second", "p50", "p99")}
    return result


def median(windows, key):
    return summary([each[key] for each in windows])["median"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    words = parser.parse_args()
    client = open_home(words.home)
    plugins = Plugins(client, words.home)
    load = None
    try:
        bring_mock(plugins)
        before = {kind: plugins.status(kind)["version"] for kind in KINDS}
        swaps = Swaps(plugins)
        load = Load(client)
        time.sleep(5)
        measured = with_and_without(load, swaps, words.rounds, words.seconds)
        measured["steps, ms"] = durations(plugins, swaps, words.rounds)
        swaps.back(before)
        measured["failed or repeated calls"] = len(load.faults)
        measured["faults"] = load.faults[:3]
        report("swaps under load", measured)
    except Refused as refused:
        raise SystemExit(str(refused)) from None
    finally:
        if load is not None:
            load.close()
        plugins.close()


if __name__ == "__main__":
    main()
