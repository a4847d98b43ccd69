"""Sums up what the tests reported, and ends with 1 unless every test class reported and none failed for good."""

import pathlib
import sys
import xml.etree.ElementTree

SHOWN = 10


def test_classes(root):
    """The test classes there are: a JVM that died took the reports of the rest with it. Templates of tests do not count."""
    for source in pathlib.Path(root).glob("**/src/test/java/**/*.java"):
        if not source.stem.endswith(("Test", "IT")) or source.stem.endswith("UnderTest"):
            continue
        if not {"resources", "target"} & set(source.parts):
            module = source.parts[: source.parts.index("src", len(pathlib.Path(root).parts))]
            yield pathlib.Path(*module), source.stem


def main(root, part):
    cases, failed, flaky, skipped = [], [], [], []
    reported = set()
    for report in pathlib.Path(root).glob("**/target/surefire-reports/TEST-*.xml"):
        suite = xml.etree.ElementTree.parse(report).getroot()
        reported.add((report.parents[2], suite.get("name").rsplit(".", 1)[-1]))
        for case in suite.iter("testcase"):
            name = case.get("classname", "").rsplit(".", 1)[-1] + "." + (case.get("name") or "start")
            cases.append((float(case.get("time", 0)), name))
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif case.find("flakyFailure") is not None or case.find("flakyError") is not None:
                flaky.append(name)
            elif case.find("skipped") is not None:
                skipped.append(f"{name}: {case.find('skipped').get('message') or 'no reason given'}")
    silent = [
        name
        for module, name in sorted(test_classes(root))
        if (module, name) not in reported and not (part == "unit" and module.name == "itests")
    ]
    passed = len(cases) - len(failed) - len(skipped)
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    for title, names in (
        ("Failed:", failed),
        ("Did not run or did not report:", silent),
        ("Passed only when tried again, which is a defect to be looked into:", flaky),
        ("Skipped:", skipped),
    ):
        if names:
            print(title, *names, sep="\n  ")
    print(f"The slowest {SHOWN}:")
    for seconds, name in sorted(cases, reverse=True)[:SHOWN]:
        print(f"  {seconds:7.1f} s  {name}")
    return 1 if failed or silent else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
