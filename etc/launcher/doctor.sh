# Looks at the machine before it matters: each finding with its fix.

good() {
    printf '  ok    %-12s %s\n' "$1" "$2"
}

note() {
    printf '  note  %-12s %s\n' "$1" "$2"
}

bad() {
    troubles=$((troubles + 1))
    printf '  FIX   %-12s %s\n' "$1" "$2"
}

do_doctor() {
    troubles=0
    say "Home $home"
    check_java
    check_maven
    check_python
    check_client_python
    check_isolation
    check_limits
    check_ports
    check_shell_client
    check_docker
    check_disk
    [ "$troubles" -eq 0 ] || { say "$troubles to fix."; exit 1; }
    say "All is well."
}

check_java() {
    local message
    if message=$( (use_jdk && printf '%s' "$JAVA_HOME") 2>&1); then
        good Java "$(java_version "$message") in $message"
    else
        bad Java "${message#slipway: }"
    fi
}

check_maven() {
    if command -v mvn >/dev/null; then
        good Maven "$(command -v mvn)"
    else
        bad Maven "missing, and needed to build; type: sudo apt-get install maven"
    fi
}

# Always the system's own, never one that happens to be first in PATH.
check_python() {
    if [ -x /usr/bin/python3 ]; then
        good Python "$(/usr/bin/python3 -V 2>&1) in /usr/bin"
    else
        bad Python "/usr/bin/python3 is missing, sessions of local/python need it; type: sudo apt-get install python3"
    fi
}

# Only tests need it.
check_client_python() {
    local python
    python=$(client_python)
    if [ -n "$python" ]; then
        good "For tests" "$("$python" -V 2>&1) for the official client"
    else
        note "For tests" "./slipway test needs a Python 3.12 for the official client; $client_python_fix"
    fi
}

check_isolation() {
    if ! command -v bwrap >/dev/null; then
        bad Isolation "bubblewrap is missing, no session can start; type: sudo apt-get install bubblewrap"
    elif bwrap --unshare-user --unshare-pid --unshare-net --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
        --symlink usr/bin /bin --proc /proc --dev /dev /usr/bin/true 2>/dev/null; then
        good Isolation "$(bwrap --version), user namespaces work"
    elif is_root && bwrap --unshare-pid --unshare-net --ro-bind / / /usr/bin/true 2>/dev/null; then
        good Isolation "$(bwrap --version), as root without user namespaces"
    else
        bad Isolation "bubblewrap cannot make namespaces; type: sudo sysctl kernel.unprivileged_userns_clone=1, or in a container allow them"
    fi
}

check_limits() {
    local files
    files=$(ulimit -Hn)
    if [ "$files" != unlimited ] && [ "$files" -lt 4096 ]; then
        bad "Open files" "at most $files; raise the hard limit to 65536 in /etc/security/limits.conf"
    else
        good "Open files" "up to $files"
    fi
    if writable_cgroup; then
        good Limits "cgroup is writable: memory and cpu of sessions are enforced"
    else
        note Limits "limits not enforced: no writable cgroup; run as root or under systemd with Delegate=yes to enforce them"
    fi
}

writable_cgroup() {
    local path
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        path=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    else
        path=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
    fi
    [ -d "$path" ] && [ -w "$path" ] && [ -w "$path/cgroup.procs" ]
}

check_ports() {
    local port
    port=${api_port:-$(port_of_home)}
    if [ -n "$(server_pid)" ]; then
        good Ports "the server of this home answers on $port"
    elif is_taken "$port"; then
        bad Ports "$port is taken by another program; use ./slipway up --api-port N"
    else
        good Ports "$port is free"
    fi
}

check_shell_client() {
    if has_client; then
        good Shell "the shell's own client"
    elif command -v ssh >/dev/null; then
        good Shell "$(command -v ssh)"
    elif [ -e "$home/.slipway/build" ]; then
        bad Shell "no client; type: sudo apt-get install openssh-client"
    else
        good Shell "its client comes with ./slipway up"
    fi
}

# Only sessions of Docker images need one.
check_docker() {
    local address socket none="sessions run as isolated processes; for Docker images"
    address=$(setting io.slipway.runtime.docker.cfg host)
    address=${address:-unix:///var/run/docker.sock}
    socket=${address#unix://}
    if [ "$socket" = "$address" ]; then
        note Docker "whether an engine answers at $address is not looked at here"
    elif [ -S "$socket" ] && [ ! -w "$socket" ]; then
        note Docker "$socket is closed to $(id -un), $none type: sudo usermod -aG docker $(id -un), and log in again"
    elif [ -S "$socket" ] && listens "$socket"; then
        good Docker "an engine listens on $socket"
    elif command -v dockerd >/dev/null; then
        note Docker "no engine listens on $socket, $none type: sudo systemctl start docker"
    else
        note Docker "no engine, $none type: sudo apt-get install docker.io"
    fi
}

# A socket may outlive whoever made it.
listens() {
    /usr/bin/python3 -c 'import socket, sys
one = socket.socket(socket.AF_UNIX)
one.settimeout(5)
one.connect(sys.argv[1])' "$1" 2>/dev/null
}

check_disk() {
    local folder=$home free
    while [ ! -d "$folder" ]; do folder=$(dirname -- "$folder"); done
    free=$(df -Pm -- "$folder" | awk 'NR == 2 { print $4 }')
    if [ "$free" -lt "$needed_mb" ]; then
        bad Disk "$free MB free at $folder, $needed_mb MB are needed; make room or use --home DIR"
    elif [ ! -w "$folder" ]; then
        bad Disk "$folder is not writable; use --home DIR"
    else
        good Disk "$free MB free at $folder"
    fi
}
