"""A fresh clone with an empty Maven repository, from `git clone` to the output of the first session; minutes a round.

Usage: clean_clone.py [--rounds 1] [--source REPOSITORY]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

from measure import ROOT, free_port, report, summary

LIMIT = 1800
DEMO = "  | "  # what stands before each line that the first session printed


def environment(folder):
    """Returns an environment in which nothing of this machine's builds is known."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLIPWAY_")}
    for name in ("SLIPWAY_JAVA_HOME", "SLIPWAY_JDK_SEARCH"):
        if name in os.environ:
            kept[name] = os.environ[name]
    options = os.environ.get("MAVEN_OPTS", "")
    kept["MAVEN_OPTS"] = f"{options} -Dmaven.repo.local={os.path.join(folder, 'm2')}".strip()
    return kept


def run(words, folder, cwd=None):
    done = subprocess.run(
        words,
        cwd=cwd,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    sys.stderr.write(done.stdout)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}")
    return done.stdout


def one_round(source):
    """Returns seconds to the end of `up`, which is a few tenths after the session's output."""
    folder = tempfile.mkdtemp(prefix="slipway-clone")
    clone, home = os.path.join(folder, "clone"), os.path.join(folder, "home")
    launcher = os.path.join(clone, "slipway")
    try:
        began = time.perf_counter()
        run(["git", "clone", "-q", source, clone], folder)
        said = run([launcher, "up", "--home", home, "--api-port", str(free_port())], folder, clone)
        took = time.perf_counter() - began
        if not any(line.startswith(DEMO) for line in said.splitlines()):
            sys.exit("the first session printed nothing")
        return took
    finally:
        if os.path.exists(launcher):
            subprocess.run(
                [launcher, "down", "--home", home, "--sessions"],
                env=environment(folder),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--source", default=ROOT)
    words = parser.parse_args()
    values = [one_round(words.source) for _ in range(words.rounds)]
    report("clean clone", {"unit": "s", "more is better": False, "ours": summary(values)})


if __name__ == "__main__":
    main()
