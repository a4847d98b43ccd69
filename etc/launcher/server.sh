# Starting, watching and stopping the server of a home.

readonly start_limit=${SLIPWAY_START_LIMIT:-120}
readonly stop_limit=40

# The pid of this home's server, or nothing. A pid file may outlive its server, and pids are used again.
server_pid() {
    local pid
    pid=$(cat "$home/slipway.pid" 2>/dev/null) || return 0
    [ -n "$pid" ] || return 0
    if tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -- "-Dkaraf.base=$home"; then
        printf '%s' "$pid"
    fi
}

# Whether this process still runs; one that ended but whose parent has not asked for it yet does not.
runs() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    [[ ${stat##*) } != Z* ]]
}

# The address that clients on this machine use; one that means all addresses is reached by loopback.
host_of_home() {
    local host
    host=$(setting io.slipway.manager.gateway.cfg host)
    host=${host#[}
    host=${host%]}
    case $host in
        '' | 0.0.0.0 | '*') printf 127.0.0.1 ;;
        ::) printf ::1 ;;
        *) printf '%s' "$host" ;;
    esac
}

address_of_home() {
    authority "$(host_of_home)" "$(port_of_home)"
}

port_of_home() {
    local port
    port=$(setting io.slipway.manager.gateway.cfg port)
    printf '%s' "${port:-$default_api_port}"
}

do_up() {
    local pid logged
    use_jdk
    check_home
    lock_home
    pid=$(server_pid)
    if [ -n "$pid" ]; then
        wait_ready "$pid" || still_busy "$pid"
        say "Already running (pid $pid)."
        show_addresses
        return
    fi
    check_api_port
    prepare_tools
    ensure_built
    logged=$(log_size)
    writing unpack choose_api_port choose_shell_port make_key
    start_server
    show_chosen
    run_demo
    show_addresses
    say "Next:        $(typed shell slipway:session-list)"
    say "             $(typed down)"
}

# What sessions need beside Java. Without it the server runs all the same.
prepare_tools() {
    local missing=()
    missing_line=
    [ -x /usr/bin/python3 ] || missing+=(python3)
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    [ ${#missing[@]} -gt 0 ] || return 0
    if is_root && command -v apt-get >/dev/null && install_packages "${missing[@]}"; then
        return
    fi
    missing_line="sudo apt-get install ${missing[*]}"
}

start_server() {
    local pid
    step "Starting"
    rm -f -- "$home/slipway.pid"
    # what the framework has unpacked in a start that never got ready may be cut off in the middle
    [ -e "$home/.slipway/started" ] || rm -rf -- "$home/data/cache"
    start_detached
    pid=$(cat "$home/slipway.pid")
    wait_ready "$pid" || give_up "$pid"
    touch -- "$home/.slipway/started"
    step_done
}

log_size() {
    stat -c %s "$home/data/log/slipway.log" 2>/dev/null || printf 0
}

# Plug-ins that do not follow a new build, as the server says it at this start.
show_chosen() {
    tail -c "+$((logged + 1))" "$home/data/log/slipway.log" 2>/dev/null |
        sed -n 's/.*| \(Plug-in .* stays, though the new build brings .*\)/\1/p' || true
}

# Of a session of its own, so that the server outlives this terminal.
start_detached() {
    (
        cd "$home" || exit 1
        for name in $(compgen -e | grep '^KARAF_' || true); do unset "$name"; done
        unset JAVA_OPTS EXTRA_JAVA_OPTS JAVA
        export CHECK_ROOT_INSTANCE_RUNNING=false
        exec 8>&- 9>&-
        # the shell becomes bin/karaf and that becomes Java: one pid
        setsid sh -c 'echo $$ >slipway.pid.part && mv slipway.pid.part slipway.pid && exec bin/karaf daemon' \
            </dev/null >>"$home/data/log/console.log" 2>&1 &
    )
    local tries=100
    until [ -s "$home/slipway.pid" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || ! is_full || disk_full
        [ $tries -gt 0 ] || fail "the server did not start" "read $home/data/log/console.log"
        sleep 0.05
    done
}

# Ready: it answers and the credentials of its first data are there. Returns 1 if it ended or is not ready in time.
wait_ready() {
    local pid=$1 began=$SECONDS
    until is_ready; do
        ! is_full 4096 || return 1
        runs "$pid" || return 1
        [ $((SECONDS - began)) -lt "$start_limit" ] || return 1
        [ ! -t 1 ] || printf .
        sleep 0.2
    done
}

# What this call started and what did not become ready is stopped before another try.
give_up() {
    local pid=$1
    runs "$pid" || start_failed "the server ended while it started"
    end_server "$pid"
    start_failed "the server was not ready within $start_limit s and was stopped"
}

# Somebody else's server is left alone, whatever it does.
still_busy() {
    runs "$1" || fail "the server ended just now" "type $(typed up) again"
    fail "the server (pid $1) runs but does not answer on $(address_of_home)" \
        "read $home/data/log/slipway.log; after a change of its address or if it hangs, type $(typed down) and $(typed up)"
}

# Without a pipe: a reader that has seen enough would end the writer, and that would count as "not ready".
is_ready() {
    local answer
    [ -s "$home/client.env" ] || return 1
    answer=$(http_get "$(host_of_home)" "$(port_of_home)" /) || true
    [[ ${answer%%$'\n'*} == *' 200'* ]]
}

start_failed() {
    step_done failed
    rm -f -- "$home/slipway.pid" "$home/.slipway/started"
    ! is_full 16384 || disk_full
    grep -hE 'ERROR|Exception|No space left' "$home/data/log/slipway.log" "$home/data/log/console.log" 2>/dev/null | tail -n 5 >&2 || true
    fail "$1" "read $home/data/log/slipway.log, then type $(typed up) again"
}

run_demo() {
    [ "$demo" = yes ] || return 0
    if [ -n "$missing_line" ]; then
        say "No first session: programs for it are missing. Type: $missing_line"
        return
    fi
    say "A first session:"
    /usr/bin/python3 "$here/etc/launcher/demo.py" "$home/client.env" ||
        fail "the server runs but the first session failed" "$(typed doctor) and $home/data/log/slipway.log say more"
}

# What can be shown on a running home.
do_demo() {
    [ "${rest[*]-}" = swap ] || fail "which demo?" "type $(typed 'demo swap')"
    use_jdk
    [ -n "$(server_pid)" ] || fail "the server of $home does not run" "type $(typed up)"
    /usr/bin/python3 "$here/etc/launcher/swapdemo.py" "$home" "$JAVA_HOME" "$swaps" "$seconds"
}

# A command as it is typed for this home.
typed() {
    local words="./slipway $1"
    [ "$home" = "${HOME:-/root}/.slipway" ] || words="$words --home '$home'"
    printf '%s' "$words${2:+ $2}"
}

show_addresses() {
    say "API:         http://$(address_of_home)"
    say "Credentials: $home/client.env   (use: set -a; . '$home/client.env'; set +a)"
    say "Log:         $home/data/log/slipway.log"
}

do_down() {
    local pid
    [ -d "$home/.slipway" ] || { say "Nothing is installed in $home."; return; }
    lock_home
    pid=$(server_pid)
    [ "$sessions" = no ] || end_sessions "$pid"
    if [ -z "$pid" ]; then
        say "Not running."
        return
    fi
    stop_server "$pid"
}

end_sessions() {
    [ -n "$1" ] || fail "the server does not run, so it cannot end sessions" "type $(typed up --no-demo) first"
    step "Ending sessions"
    /usr/bin/python3 "$here/etc/launcher/sessions.py" "$home/client.env" ||
        { step_done failed; fail "not all sessions ended" "$(typed shell slipway:session-list) names them"; }
    step_done
}

stop_server() {
    step "Stopping (pid $1)"
    end_server "$1"
    rm -f -- "$home/slipway.pid"
    step_done
}

# Returns when the process is gone.
end_server() {
    local pid=$1 began=$SECONDS killed=no
    kill "$pid" 2>/dev/null || true
    while runs "$pid"; do
        if [ $killed = no ] && [ $((SECONDS - began)) -ge $stop_limit ]; then
            kill -9 "$pid" 2>/dev/null || true
            warn "it did not stop within $stop_limit s and was killed; nothing acknowledged is lost"
            killed=yes
        fi
        [ $((SECONDS - began)) -lt $((2 * stop_limit)) ] ||
            fail "the server (pid $pid) cannot be killed" "the kernel holds it: sudo cat /proc/$pid/stack says where"
        sleep 0.1
    done
}

do_status() {
    local pid java
    pid=$(server_pid)
    if [ -z "$pid" ]; then
        say "Not running (home $home)."
        exit 3
    fi
    java=$(readlink -f "/proc/$pid/exe")
    say "Running:     pid $pid since $(ps -o lstart= -p "$pid"), $(ps -o rss= -p "$pid" | awk '{ printf "%d", $1 / 1024 }') MB resident"
    say "Java:        $(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "${java%/bin/java}/release" 2>/dev/null) (${java%/bin/java})"
    if is_ready; then say "Ready:       yes"; else say "Ready:       not yet"; fi
    show_addresses
}

do_logs() {
    [ -e "$home/data/log/slipway.log" ] || fail "there is no log in $home yet" "type $(typed up)"
    if [ "$follow" = yes ]; then
        exec tail -n 100 -F -- "$home/data/log/slipway.log"
    fi
    tail -n 100 -- "$home/data/log/slipway.log"
}
