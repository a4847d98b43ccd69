"""The server's resident memory, looked at some times. Usage: resident.py HOME [--looks 10] [--seconds 5]"""

import argparse
import os
import time

from measure import report, resident_megabytes, summary


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home")
    parser.add_argument("--looks", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5)
    words = parser.parse_args()
    with open(os.path.join(words.home, "slipway.pid"), encoding="utf-8") as file:
        pid = int(file.read())
    values = [resident_megabytes(pid)]
    while len(values) < words.looks:
        time.sleep(words.seconds / words.looks)
        values.append(resident_megabytes(pid))
    report("resident", {"unit": "MB", "more is better": False, "ours": summary(values)})


if __name__ == "__main__":
    main()
