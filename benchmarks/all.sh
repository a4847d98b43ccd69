#!/bin/bash
# Runs every benchmark on a home of its own and prints the table of README.md; about 12 minutes on 2 idle cores.
# Usage: benchmarks/all.sh [--clean-clone]   (the last one builds a clone with an empty Maven repository: 6 minutes more)
# SLIPWAY_BUILD=no measures what was built before.
set -uo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
results=$work/results
home=$work/home
mkdir "$results"
fail() {
    echo "$1: $2" >&2
    exit 1
}
# shellcheck source=/dev/null
. etc/launcher/java.sh

finish() {
    SLIPWAY_BUILD=no ./slipway down --home "$home" --sessions >/dev/null 2>&1
    echo "Raw results: $results" >&2
}
trap finish EXIT

# measure NAME COMMAND...: its JSON to a file, three minutes at most if limit does not say more
measure() {
    local name=$1
    shift
    printf '%s ... ' "$name" >&2
    local began=$SECONDS
    timeout "${limit:-180}" "$@" >"$results/$name.json" 2>"$results/$name.log"
    echo "exit $?, $((SECONDS - began)) s" >&2
}

restart() {
    SLIPWAY_BUILD=no ./slipway down --home "$home" --sessions >/dev/null
    SLIPWAY_BUILD=no ./slipway up --home "$home" --api-port "$port" --no-demo >/dev/null || exit 1
}

session() {
    /usr/bin/python3 - "$home/client.env" <<'PY'
import sys
sys.path.insert(0, "benchmarks")
from sessions import create
from wire import Client
print(create(Client(sys.argv[1]), "python"))
PY
}

port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
use_jdk
export PATH="$JAVA_HOME/bin:$PATH"
[ "${SLIPWAY_BUILD:-}" = no ] ||
    mvn -q -B -ntp install -Dquick -Dmaven.test.skip=true -pl benchmarks,accelerator-bundles/mock,distributions/all-in-one -am >"$results/build.log" 2>&1 ||
    { tail -20 "$results/build.log" >&2; exit 1; }
java=(java -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)")
load=io.slipway.manager.gateway.SessionLoad
read=io.slipway.manager.gateway.SignedReadBenchmark

measure start /usr/bin/python3 benchmarks/start.py --rounds 3
SLIPWAY_BUILD=no ./slipway up --home "$home" --api-port "$port" --no-demo >/dev/null || exit 1
measure read-server "${java[@]}" "$read" "$home/client.env" "$(session)"
sed -i 's/^#* *declaredCores *=.*/declaredCores=64/' "$home/etc/io.slipway.accelerator.cpu.cfg"
sed -i 's/^#* *declared *=.*/declared=1t/' "$home/etc/io.slipway.accelerator.mem.cfg"
restart
measure sessions-32 "${java[@]}" "$load" "$home/client.env" 32 1500
measure sessions-1 "${java[@]}" "$load" "$home/client.env" 1 100
# on a server that has compiled what it runs
measure process /usr/bin/python3 benchmarks/sessions.py "$home/client.env" process
measure execute /usr/bin/python3 benchmarks/sessions.py "$home/client.env" execute
measure resident /usr/bin/python3 benchmarks/resident.py "$home"
printf 'probationMillis=1000\n' >"$home/etc/io.slipway.plugin.lifecycle.cfg"
restart
measure swap /usr/bin/python3 benchmarks/swap.py "$home"
SLIPWAY_BUILD=no ./slipway down --home "$home" --sessions >/dev/null
measure read-gateway "${java[@]}" "$read"
measure lease /usr/bin/python3 benchmarks/lease.py
measure process-floor benchmarks/process-floor.sh -Drounds=5 -Dkernels=20
# needs root and dockerd; without them its rows stay empty
limit=600 measure docker /usr/bin/python3 benchmarks/docker.py --rounds 50
[ "${1:-}" != --clean-clone ] || limit=1800 measure clean-clone /usr/bin/python3 benchmarks/clean_clone.py
/usr/bin/python3 benchmarks/table.py "$results"
