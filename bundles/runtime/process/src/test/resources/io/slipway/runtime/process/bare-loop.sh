#!/bin/sh
# The floor: the same sandbox as ours, made in a loop by a shell, with groups made and removed, and nothing kept.
# Usage: bare-loop.sh ROUNDS UID ARGS FILTER SCOPE COMMAND...   (SCOPE empty: no control groups; UID 0: our own user)
rounds=$1 uid=$2 args=$3 filter=$4 scope=$5
shift 5
drop=
[ "$uid" = 0 ] || drop="setpriv --reuid=$uid --regid=$uid --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
while [ "$rounds" -gt 0 ]; do
    rounds=$((rounds - 1))
    groups=
    if [ -n "$scope" ]; then
        for tree in memory cpu pids freezer cpuacct; do
            groups="$groups /sys/fs/cgroup/$tree/$scope/bare"
        done
        # shellcheck disable=SC2086 # words
        mkdir $groups
        echo 268435456 >"/sys/fs/cgroup/memory/$scope/bare/memory.limit_in_bytes"
        echo 100000 >"/sys/fs/cgroup/cpu/$scope/bare/cpu.cfs_period_us"
        echo 150000 >"/sys/fs/cgroup/cpu/$scope/bare/cpu.cfs_quota_us"
        echo 68 >"/sys/fs/cgroup/pids/$scope/bare/pids.max"
    fi
    (
        for group in $groups; do echo 0 >"$group/cgroup.procs"; done
        # shellcheck disable=SC2086 # words
        exec $drop bwrap --args 8 -- "$@" 8<"$args" 9<"$filter"
    )
    if [ -n "$groups" ]; then
        # the sandbox's first process outlives bwrap by a moment
        while read -r _ <"/sys/fs/cgroup/pids/$scope/bare/cgroup.procs"; do :; done
        # shellcheck disable=SC2086 # words
        rmdir $groups
    fi
done
