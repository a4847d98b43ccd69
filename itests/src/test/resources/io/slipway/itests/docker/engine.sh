#!/bin/sh
# An own Docker engine for tests: engine.sh up FOLDER [DATA] | down FOLDER. All it has lies in FOLDER (images and layers in
# DATA); it runs in mount, network and host name namespaces of its own, so its death leaves no mount and no bridge behind.
# Never the machine's default engine. Needs root and dockerd. ENGINE_OPTIONS has further options for it.
set -eu
command=$1
folder=$2
case $command in
    up)
        data=${3:-$folder/data}
        mkdir -p "$folder" "$data"
        printf '{}' >"$folder/daemon.json"
        # the namespaces outlive the engine, so that a restarted one finds the mounts of the one before
        if ! [ -s "$folder/namespace.pid" ] || ! kill -0 "$(cat "$folder/namespace.pid")" 2>/dev/null; then
            rm -f "$folder/namespace.pid"
            setsid unshare --net --uts --mount --propagation slave sh -c '
                ip link set lo up
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo $$ >"$1/namespace.pid"
                exec sleep 86400
            ' engine "$folder" </dev/null >>"$folder/log" 2>&1 &
            until [ -s "$folder/namespace.pid" ]; do sleep 0.02; done
        fi
        # of an engine that was killed; its containerd died with it
        rm -f "$folder/pid" "$folder"/exec/containerd/containerd.pid "$folder"/exec/containerd/*.sock*
        setsid nsenter --target "$(cat "$folder/namespace.pid")" --net --uts --mount -- \
            dockerd --config-file "$folder/daemon.json" --data-root "$data" --exec-root "$folder/exec" \
            --pidfile "$folder/pid" -H "unix://$folder/docker.sock" --group root --cgroup-parent "/t-${folder##*/}" \
            --insecure-registry 127.0.0.0/8 ${ENGINE_OPTIONS:-} </dev/null >>"$folder/log" 2>&1 &
        engine=$!
        tries=0
        until curl -fs --max-time 2 --unix-socket "$folder/docker.sock" http://engine/_ping >/dev/null 2>&1; do
            tries=$((tries + 1))
            if [ $tries -gt 300 ] || ! kill -0 $engine 2>/dev/null; then
                tail -n 20 "$folder/log" >&2
                exit 1
            fi
            sleep 0.1
        done
        ;;
    down)
        # the engine, then what it started: shims and containers outlive it
        for name in pid exec/containerd/containerd.pid namespace.pid; do
            if [ -s "$folder/$name" ]; then
                kill -CONT "$(cat "$folder/$name")" 2>/dev/null || :
                kill -9 "$(cat "$folder/$name")" 2>/dev/null || :
            fi
        done
        for group in /sys/fs/cgroup/*/"t-${folder##*/}" /sys/fs/cgroup/"t-${folder##*/}"; do
            [ -d "$group" ] || continue
            find "$group" -name cgroup.procs -exec cat {} + | sort -u | while read -r process; do
                kill -9 "$process" 2>/dev/null || :
            done
        done
        for process in /proc/[0-9]*; do
            if { tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null | grep -qF -- "$folder/exec"; then
                kill -9 "${process#/proc/}" 2>/dev/null || :
            fi
        done
        sleep 0.2
        find /sys/fs/cgroup -depth -type d -path "*/t-${folder##*/}*" -exec rmdir {} + 2>/dev/null || :
        ;;
esac
