"""Sums up what the tests reported, and ends with 1 unless every test class reported and none failed for good.

What was skipped for want of a Docker engine is no more than named, unless this is root, who could have installed it.
"""

import os
import pathlib
import re
import shutil
import sys
import xml.etree.ElementTree

SHOWN = 10
TOLD = 30
FIX = "type: apt-get install docker.io docker-registry"
NO_ENGINE = re.compile(r"\b(dockerd|docker-registry) is (missing|not installed)")


def test_classes(root):
    """The test classes there are: a JVM that died took the reports of the rest with it. Templates of tests do not count."""
    for source in pathlib.Path(root).glob("**/src/test/java/**/*.java"):
        if not source.stem.endswith(("Test", "IT")) or source.stem.endswith("UnderTest"):
            continue
        if not {"resources", "target"} & set(source.parts):
            module = source.parts[: source.parts.index("src", len(pathlib.Path(root).parts))]
            yield pathlib.Path(*module), source.stem


def told(report, name):
    """The end of what a class printed, which is in a file of its own where modules are tested side by side."""
    output = report.with_name(name + "-output.txt")
    lines = output.read_text(errors="replace").splitlines()[-TOLD:] if output.exists() else []
    return [f"The end of what {name} printed ({output}):", *("  " + line for line in lines)] if lines else []


def main(root, part):
    cases, classes, failed, flaky, skipped, idle, outputs = [], [], [], [], [], [], []
    reported = set()
    for report in sorted(pathlib.Path(root).glob("**/target/surefire-reports/TEST-*.xml")):
        suite = xml.etree.ElementTree.parse(report).getroot()
        short = suite.get("name").rsplit(".", 1)[-1]
        reported.add((report.parents[2], short))
        before, first = len(failed) + len(flaky), len(cases)
        for case in suite.iter("testcase"):
            name = case.get("classname", "").rsplit(".", 1)[-1] + "." + (case.get("name") or "start")
            cases.append((float(case.get("time", 0)), name))
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif case.find("flakyFailure") is not None or case.find("flakyError") is not None:
                flaky.append(name)
            elif case.find("skipped") is not None:
                skipped.append(f"{name}: {case.find('skipped').get('message') or 'no reason given'}")
        if len(cases) == first:
            # skipped as a whole; the report has no room for the reason
            idle.append(f"{short}: all of it, and what it printed says why")
        # of a class that was tried again in part, the suite tells the time of the last part
        tests = sum(seconds for seconds, _ in cases[first:])
        classes.append((max(tests, float(suite.get("time", 0))), short))
        if len(failed) + len(flaky) > before:
            outputs += told(report, suite.get("name"))
    silent = [
        name
        for module, name in sorted(test_classes(root))
        if (module, name) not in reported and not (part == "unit" and module.name == "itests")
    ]
    wanting = [name for name in skipped if NO_ENGINE.search(name)] + idle if can_install() else []
    passed = len(cases) - len(failed) - len(skipped)
    if outputs:
        print(*outputs, sep="\n")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped) + len(idle)} skipped")
    for title, names in (
        ("Failed:", failed),
        ("Did not run or did not report:", silent),
        ("Passed only when tried again, which is a defect to be looked into:", flaky),
        (f"Skipped, though root could have installed what they want, which is a defect ({FIX}):", wanting),
        ("Skipped:", [name for name in skipped + idle if name not in wanting]),
        (f"The slowest {SHOWN} classes:", slowest(classes)),
        (f"The slowest {SHOWN} tests:", slowest(cases)),
    ):
        if names:
            print(title, *names, sep="\n  ")
    return 1 if failed or silent or wanting else 0


def can_install():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def slowest(timed):
    return [f"{seconds:7.1f} s  {name}" for seconds, name in sorted(timed, reverse=True)[:SHOWN]]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
