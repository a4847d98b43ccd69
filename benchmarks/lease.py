"""The JMH benchmark of a lease against a look-up without one, alone and under 16 threads: prints it in the form of the others.

Usage: lease.py [--results FILE]   (FILE: what an earlier run of JMH wrote by -rf json, in place of a run)
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from measure import ROOT, report, summary

PAIRS = ("alone", "crowded")


def measured():
    """Runs JMH and returns the path of its results, which the caller removes."""
    module = os.path.join(ROOT, "benchmarks/target")
    with open(os.path.join(module, "classpath.txt"), encoding="utf-8") as file:
        path = os.path.join(module, "classes") + ":" + file.read().strip()
    results = tempfile.mkstemp(prefix="slipway-lease", suffix=".json")[1]
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    words = [java, "-cp", path, "org.openjdk.jmh.Main", "LeaseBenchmark", "-rf", "json", "-rff", results]
    subprocess.run(words, check=True, stdout=sys.stderr)
    return results


def iterations(results):
    """Returns nanoseconds of each iteration of all forks, by benchmark."""
    with open(results, encoding="utf-8") as file:
        return {
            one["benchmark"].rsplit(".", 1)[-1]: [value for fork in one["primaryMetric"]["rawData"] for value in fork]
            for one in json.load(file)
        }


def compared(values, name):
    """Returns a pair in the form of the others."""
    ours, floor = values[name], values[name + "Floor"]
    return {
        "ours": summary(ours),
        "floor": summary(floor),
        "ratio": round(statistics.median(ours) / statistics.median(floor), 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results")
    words = parser.parse_args()
    results = words.results or measured()
    try:
        values = iterations(results)
    finally:
        if not words.results:
            os.remove(results)
    report("lease and close", {"unit": "ns", "more is better": False} | {name: compared(values, name) for name in PAIRS})


if __name__ == "__main__":
    main()
