#!/bin/sh
# Runs one kernel in its sandbox and records how it ended. It belongs to nobody: not to the server's session, pipes or
# life. Everything it needs is in the kernel's folder, written by the runtime before:
#   launch        settings as shell assignments, and the command as the positional parameters
#   sandbox.args  options of bwrap, each ended by a NUL
#   stage         mount commands, if there are folders that only root can reach
# It writes: supervisor (who it is), status (bwrap's own notes), log and log.1 (output, newest in log), result, and at the
# very end, when no program of the kernel is left, the exit file (in one write that ends with the line "end").
# Usage: supervisor.sh FOLDER EXIT_FILE
# shellcheck disable=SC2154,SC1091 # variables come from "launch"
set -u
umask 077
export PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
# a handler, not "ignore": what is ignored here would stay ignored in the kernel
trap : HUP INT TERM

# This process enters the kernel's control groups.
join() {
    for group in $groups; do
        echo 0 >"$group/cgroup.procs" || exit 125
    done
}

# The last act of a subshell: it becomes the sandbox and, in it, the command.
enter() {
    trap - HUP INT TERM
    umask 022
    [ -z "$network" ] || exec 3>&-
    join
    ulimit -c 0
    ulimit -n "$open_files" || :
    [ -z "$address_space_kib" ] || ulimit -v "$address_space_kib"
    [ -z "$processes" ] || ulimit -p "$processes"
    [ -z "$file_blocks" ] || ulimit -f "$file_blocks"
    if [ "$isolated" = no ]; then
        read -r self rest </proc/self/stat
        echo "$self" >payload
        cd "$directory" || exit 125
        # shellcheck disable=SC2086 # $drop is words
        exec setsid $drop "$@"
    fi
    if [ -n "$network" ]; then
        exec 7<>gate
        read -r self rest </proc/self/stat
        echo "$self" >netns
    fi
    if [ -f stage ]; then
        exec unshare --mount --propagation slave /bin/sh "$supervisor" --staged
    fi
    sandbox "$@"
}

sandbox() {
    exec 4>>status 8<sandbox.args 9<"$filter"
    if [ -n "$network$processes_inside" ]; then
        # A user namespace around the sandbox. A network namespace in it is reached by slirp4netns, and no sandbox starts
        # before the gate says 1. A limit of processes that is set in it counts only those in it.
        # shellcheck disable=SC2086,SC2016 # $drop is words; the inner shell expands the rest
        exec $drop unshare --user --map-current-user ${network:+--net} /bin/sh -c '
            if [ -n "$1" ]; then
                [ "$(head -c 1 <&7)" = 1 ] || exit 125
                exec 7<&-
            fi
            [ -z "$2" ] || ulimit -p "$2"
            shift 2
            exec bwrap --args 8 --json-status-fd 4 -- "$@"' sh "$network" "$processes_inside" "$@"
    fi
    # shellcheck disable=SC2086 # $drop is words
    exec $drop bwrap --args 8 --json-status-fd 4 -- "$@"
}

# Finds the sandbox's first process: sets $init; false if there is none (any more). Its pid alone would not do, it may
# have been given to another process meanwhile; the number of its pid namespace says whose it is.
find_init() {
    read -r line 2>/dev/null <status || return 1
    init=${line#*\"child-pid\": }
    init=${init%%[!0-9]*}
    space=${line#*\"pid-namespace\": }
    space=${space%%[!0-9]*}
    [ -n "$init" ] && [ -n "$space" ] && [ -d "/proc/$init" ] && [ "$(readlink "/proc/$init/ns/pid")" = "pid:[$space]" ]
}

# Gives the network namespace a network; slirp4netns opens the gate when it is up. The leash ends it together with us.
connect() {
    exec 3>&-
    join
    tries=0
    until read -r place 2>/dev/null <netns && [ ! "/proc/$place/ns/net" -ef /proc/self/ns/net ]; do
        tries=$((tries + 1))
        [ $tries -lt 500 ] && [ ! -f result ] || return
        sleep 0.01
    done
    set --
    [ -z "$device" ] || set -- unshare --mount --propagation slave /bin/sh -c "$device" sh
    # shellcheck disable=SC2086 # $drop and $network are words
    "$@" $drop $network "--userns-path=/proc/$place/ns/user" "$place" tap0 5>gate 6<leash >/dev/null 2>&1
    if [ ! -f result ]; then
        echo "the network of this kernel ended"
        echo 0 1<>gate
    fi
}

# Kills what the main program left behind.
end_rest() {
    if [ "$isolated" = no ]; then
        read -r session 2>/dev/null <payload || return 0
        for file in /proc/[0-9]*/stat; do
            read -r line 2>/dev/null <"$file" || continue
            # shellcheck disable=SC2086 # fields after the name: state, parent, group, session
            set -- ${line##*) }
            [ "$4" != "$session" ] || kill -KILL "${line%% *}" 2>/dev/null
        done
    elif has_children && find_init; then
        kill -KILL "$init" 2>/dev/null
    fi
}

# Saves find_init's costly look when the sandbox ends by itself, as most do.
has_children() {
    read -r line 2>/dev/null <status || return 1
    init=${line#*\"child-pid\": }
    children="/proc/${init%%[!0-9]*}/task/${init%%[!0-9]*}/children"
    [ -r "$children" ] || return 0
    children=
    read -r children 2>/dev/null <"/proc/${init%%[!0-9]*}/task/${init%%[!0-9]*}/children"
    [ -n "$children" ]
}

run() {
    if [ -n "$network" ]; then
        mkfifo gate leash || exit 125
        exec 3<>leash
        (connect) &
    fi
    (enter "$@")
    echo "code=$?" >result
    end_rest
}

# Keeps the end of the output, between one and two times the size of a full file. The limit on file sizes ends cat when
# the file is full; what it had read but not written then, less than a pipe holds, is lost.
keep_log() {
    while :; do
        (
            ulimit -f "$log_blocks"
            exec cat >log
        )
        case $? in
            0) return 0 ;;
            153) mv -f log log.1 ;;
            # no space: the kernel goes on without a log
            *) exec cat >/dev/null ;;
        esac
    done
}

if [ "$1" = --staged ]; then
    . ./launch
    . ./stage
    sandbox "$@"
fi

supervisor=$0
exit_file=$2
cd "$1" || exit 1
read -r boot </proc/sys/kernel/random/boot_id
read -r line </proc/$$/stat
# shellcheck disable=SC2086 # fields after the name; the 20th is the start time
set -- ${line##*) }
shift 19
# only one supervisor ever
set -C
echo "$$ $1 $boot" >supervisor || exit 1
set +C
. ./launch
run "$@" 2>&1 | keep_log
oom=0
if [ -n "$oom_file" ]; then
    while read -r key value; do
        [ "$key" != oom_kill ] || oom=$value
    done <"$oom_file"
fi
code=
read -r code 2>/dev/null <result
# one write into a new file; the last line says that it is whole
set -C
printf '%s\noom=%s\nend\n' "$code" "$oom" >"$exit_file"
