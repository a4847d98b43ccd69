# How the launcher talks: one line each, never a secret.

say() {
    printf '%s\n' "$*"
}

# A step that takes a while; its time is printed when it is done.
step() {
    step_began=$SECONDS
    printf '%s ... ' "$*"
}

step_done() {
    printf '%s (%d s)\n' "${1:-done}" "$((SECONDS - step_began))"
}

warn() {
    printf 'slipway: %s\n' "$*" >&2
}

# What went wrong and what to do about it, in one line.
fail() {
    printf 'slipway: %s; %s\n' "$1" "$2" >&2
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

# Whether somebody listens on this port of this machine.
is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# authority HOST PORT: both as in a URL
authority() {
    if [[ $1 == *:* ]]; then printf '[%s]:%s' "$1" "$2"; else printf '%s:%s' "$1" "$2"; fi
}

# http_get HOST PORT PATH: the status line and body of a GET, or nothing.
http_get() {
    local line
    # a subshell, so that a refused connection ends only it
    (
        exec 3<>"/dev/tcp/$1/$2" || exit 1
        printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$3" "$(authority "$1" "$2")" >&3
        while IFS= read -r -t 5 line <&3 || [ -n "$line" ]; do printf '%s\n' "$line"; done
    ) 2>/dev/null
}
