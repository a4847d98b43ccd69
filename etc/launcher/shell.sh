# The operator's shell: the framework's own client with the key of the home, else OpenSSH.

do_shell() {
    local port
    use_jdk
    [ -n "$(server_pid)" ] || fail "the server of $home does not run" "type $(typed up)"
    port=$(setting custom.system.properties slipway.ssh.port)
    if [ ${#rest[@]} -eq 0 ]; then
        shell_client "$port"
    else
        shell_command "$port" "${rest[*]}"
    fi
}

has_client() {
    compgen -G "$home/system/org/apache/karaf/org.apache.karaf.client/*/*.jar" >/dev/null
}

shell_client() {
    if has_client; then
        exec "$home/bin/client" -a "$1" -h 127.0.0.1 -u slipway -k "$home/etc/shell.key"
    fi
    shell_ssh "$1"
}

# The client takes the end of its input for a wish to hang up, so it gets an input that never ends.
shell_command() {
    local folder status=0
    if ! has_client; then
        shell_ssh "$1" "$2"
        return
    fi
    folder=$(mktemp -d)
    mkfifo "$folder/input"
    exec 7<>"$folder/input"
    rm -rf -- "$folder"
    "$home/bin/client" -a "$1" -h 127.0.0.1 -u slipway -k "$home/etc/shell.key" "$2" <&7 || status=$?
    exec 7>&-
    return "$status"
}

# The host key is the home's own and reached by loopback alone.
shell_ssh() {
    local port=$1
    shift
    command -v ssh >/dev/null || fail "neither the shell's client nor ssh is there" "type: sudo apt-get install openssh-client"
    ssh -q -p "$port" -i "$home/etc/shell.key" -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
        -o "UserKnownHostsFile=/dev/null" slipway@127.0.0.1 "$@"
}
