"""Sums up what the tests reported: how many there were and which took longest."""

import pathlib
import sys
import xml.etree.ElementTree

SHOWN = 10


def main(root):
    cases = []
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for report in pathlib.Path(root).glob("**/target/surefire-reports/TEST-*.xml"):
        suite = xml.etree.ElementTree.parse(report).getroot()
        for name in counts:
            counts[name] += int(suite.get(name, 0))
        for case in suite.iter("testcase"):
            cases.append((float(case.get("time", 0)), case.get("classname", "").rsplit(".", 1)[-1], case.get("name")))
    bad = counts["failures"] + counts["errors"]
    print(f"{counts['tests'] - bad - counts['skipped']} passed, {bad} failed, {counts['skipped']} skipped")
    print(f"The slowest {SHOWN}:")
    for seconds, suite, name in sorted(cases, reverse=True)[:SHOWN]:
        print(f"  {seconds:7.1f} s  {suite}.{name}")


if __name__ == "__main__":
    main(sys.argv[1])
