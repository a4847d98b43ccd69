"""Swaps a driver of a running home under load, installs one that fails, and tells every second how it goes.

Usage: swapdemo.py HOME JAVA_HOME SWAPS SECONDS
SECONDS of load alone come first, to compare with.
"""

import os
import sys
import threading
import time

from swaps import Load, Plugins, Refused, open_home

DRIVER = "noop"
BAD = "itests/src/test/java/io/slipway/itests/bad"
COMPONENT = b"""<?xml version="1.0" encoding="UTF-8"?>
<scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="io.slipway.itests.bad.Flaky" init="1">
  <property name="slipway.plugin.id" type="String" value="noop"/>
  <service><provide interface="io.slipway.runtime.spi.KernelRuntime"/></service>
  <implementation class="io.slipway.itests.bad.Flaky"/>
</scr:component>
"""


class Display:
    """Prints one line a second until it is closed."""

    def __init__(self, load, plugins):
        self.load, self.plugins = load, plugins
        self.began = time.perf_counter()
        self.doing, self.is_over = "load alone", False
        print(f"{'s':>4} {'calls/s':>8} {'errors':>7} {'p99 ms':>7}  {DRIVER + ' version':<16} doing")
        self.thread = threading.Thread(target=self.loop, daemon=True)
        self.thread.start()

    def loop(self):
        due = self.began
        while not self.is_over:
            due += 1
            time.sleep(max(0, due - time.perf_counter()))
            figures = self.load.between(due - 1, due)
            status = self.plugins.status(DRIVER)
            version = status["version"] + ("" if status["state"] == "ACTIVE" else "?")
            print(
                f"{due - self.began:4.0f} {figures['calls']:8} {len(self.load.faults):7} {figures['p99']:7.1f}"
                f"  {version:<16} {self.doing}",
                flush=True,
            )

    def close(self):
        self.is_over = True
        self.thread.join(5)


def bad_version(plugins, root, java_home):
    """Makes a version of the driver whose every twentieth call fails."""
    sources = [os.path.join(root, BAD, name + ".java") for name in ("DisturbedRuntime", "Flaky")]
    classes = plugins.compiled(sources, java_home)
    component = "OSGI-INF/io.slipway.runtime.noop.NoopRuntime.xml"
    return plugins.version(DRIVER, "0.2.9", {component: COMPONENT, **classes})


def swap(plugins, jars, number):
    version = sorted(jars)[number % 2]
    on_disk = os.path.exists(os.path.join(plugins.home, "plugins", DRIVER, version + ".jar"))
    task = plugins.select(DRIVER, version) if on_disk else plugins.install(DRIVER, jars[version])
    is_done, words = plugins.outcome(task)
    if not is_done:
        raise Refused(words)
    return words


def show(load, plugins, bad, swaps, seconds):
    jars = {version: plugins.version(DRIVER, version) for version in ("0.2.0", "0.2.1")}
    display = Display(load, plugins)
    try:
        time.sleep(seconds)
        quiet = load.between(display.began, time.perf_counter())
        begin = time.perf_counter()
        for number in range(swaps):
            display.doing = f"swap {number + 1} of {swaps}"
            swap(plugins, jars, number)
        busy = load.between(begin, time.perf_counter())
        display.doing = "a version that fails 5 % of its calls"
        began = time.perf_counter()
        was_taken, words = plugins.outcome(plugins.install(DRIVER, bad))
        gone = time.perf_counter() - began
        display.doing = "load alone"
        time.sleep(2)
    finally:
        display.close()
    swapped = f"{swaps} swaps" if swaps > 1 else "1 swap"
    print()
    print(f"without swaps  {quiet['per second']} calls/s, p50 {quiet['p50']} ms, p99 {quiet['p99']} ms")
    print(f"{swapped:<15}{busy['per second']} calls/s, p50 {busy['p50']} ms, p99 {busy['p99']} ms")
    print(f"bad version    {'STAYED' if was_taken else 'gone'} after {gone:.1f} s: {words}")
    print(f"calls          {len(load.calls)}, failed or repeated: {len(load.faults)}")
    for fault in load.faults[:5]:
        print(f"               {fault}")
    return not was_taken and not load.faults


def main(home, java_home, swaps, seconds):
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    client = open_home(home)
    plugins = Plugins(client, home)
    load = None
    try:
        before = plugins.status(DRIVER)["version"]
        bad = bad_version(plugins, root, java_home)
        load = Load(client, makers=max(1, min(4, (os.cpu_count() or 1) - 1)))
        is_good = show(load, plugins, bad, swaps, seconds)
        plugins.outcome(plugins.select(DRIVER, before))
    finally:
        if load is not None:
            load.close()
        plugins.close()
    return 0 if is_good else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    except (Refused, OSError) as refused:
        sys.exit(f"  {refused}")
