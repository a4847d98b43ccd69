#!/bin/sh
# Our process runtime against a bare shell loop of the same sandbox (same bwrap options, filter, user and control groups), in
# turn. Prints JSON: ratio (bare time / our time; the aim is at least 0.5), milliseconds per kernel, and milliseconds from
# create to the main program running. Usage: benchmarks/process-floor.sh [-Drounds=7] [-Dkernels=40]
set -eu
cd "$(dirname "$0")/.."
options="$*"
mvn -q -B -ntp -Dquick -pl bundles/runtime/process -am -DskipTests install
# shellcheck disable=SC2086 # each is a word
mvn -q -B -ntp -Dquick -pl bundles/runtime/process surefire:test -Dtest=ProcessFloorBenchmark -Dtest.jvm="$options" \
    >bundles/runtime/process/target/process-floor.log 2>&1 || {
    cat bundles/runtime/process/target/process-floor.log >&2
    exit 1
}
cat bundles/runtime/process/target/process-floor.json
