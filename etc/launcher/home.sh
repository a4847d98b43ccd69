# The home: one installation in one folder. Program files are replaced by a newer build, data and edited settings stay.
#   bin lib system plugins   from the distribution
#   etc                      settings; a file that was edited is kept and the new one put beside it as NAME.new
#   data                     the server's data and logs (data/cache is the framework's and may go)
#   .slipway                 what the launcher remembers

# Room for an unpacked build and a start on data; tests shrink it.
readonly needed_mb=${SLIPWAY_NEEDED_MB:-600}
readonly default_api_port=8091

# Refuses a home that cannot work before anything in it is touched.
check_home() {
    local free
    mkdir -p -- "$home" 2>/dev/null && touch -- "$home/.writable" 2>/dev/null && rm -f -- "$home/.writable" || {
        ! is_full || disk_full
        fail "the home $home is not writable" "choose another by --home DIR or correct its owner"
    }
    [ -O "$home" ] || is_root || fail "the home $home belongs to somebody else" "choose another by --home DIR"
    mkdir -p -- "$home/.slipway" 2>/dev/null || disk_full
    free=$(df -Pm -- "$home" | awk 'NR == 2 { print $4 }')
    [ -e "$home/.slipway/build" ] || [ "$free" -ge "$needed_mb" ] ||
        fail "only $free MB are free at $home, $needed_mb MB are needed" "make room or choose another --home DIR"
}

# Whether less than this many kB are free there; without a number: not even room for a small file.
is_full() {
    [ "$(df -Pk -- "$home" 2>/dev/null | awk 'NR == 2 { print $4 }')" -lt "${1:-512}" ] 2>/dev/null
}

disk_full() {
    fail "the disk of $home is full" "make room and type the same again"
}

# Runs steps that write to the home. What a full disk makes of any of them is told in one line: the words of the program
# that met it are kept in memory.
writing() {
    local error status
    exec 4>&1
    set +e
    error=$(set -e; for part in "$@"; do $part; done 2>&1 >&4 4>&-)
    status=$?
    set -e
    exec 4>&-
    [ $status -ne 0 ] || return 0
    case $error in
        *'No space left'* | *'Wrote only'* | *'Disk quota'*) disk_full ;;
        *'slipway: '*) printf 'slipway: %s\n' "${error##*slipway: }" >&2 ;;
        *) fail "cannot prepare $home: ${error%%$'\n'*}" "type the same again or choose another --home DIR" ;;
    esac
    exit 1
}

# One launcher at a time works on a home.
lock_home() {
    exec 9>"$home/.slipway/lock"
    flock -w 300 9 || fail "another ./slipway works on $home" "wait for it to end"
}

# In a subshell of its own, as "writing" makes one.
unpack() {
    local built stamp error
    built=$(tarball)
    stamp=$(sha256sum <"$built" | cut -d ' ' -f 1)
    [ "$(cat "$home/.slipway/build" 2>/dev/null)" != "$stamp" ] || return 0
    step "Unpacking into $home"
    trap 'step_done failed' EXIT
    rm -rf -- "$home/.slipway/new"
    mkdir -p -- "$home/.slipway/new"
    if ! error=$(tar -xzf "$built" --no-same-owner --strip-components=1 -C "$home/.slipway/new" 2>&1); then
        rm -rf -- "$home/.slipway/new"
        printf '%s\n' "$error" >&2
        return 1
    fi
    take_new
    printf '%s\n' "$stamp" >"$home/.slipway/build"
    trap - EXIT
    step_done
}

# Without its stamp an interrupted change is simply done again.
take_new() {
    local new=$home/.slipway/new part
    rm -f -- "$home/.slipway/build"
    rm -rf -- "$home/data/cache"
    for part in bin lib system; do
        rm -rf -- "${home:?}/$part"
        mv -- "$new/$part" "$home/$part"
    done
    mkdir -p -- "$home/data/log" "$home/data/tmp" "$home/plugins" "$home/etc"
    [ ! -d "$new/plugins" ] || take_plugins "$new/plugins"
    merge_settings "$new/etc" "$home/etc"
    rm -rf -- "$new"
}

# The server goes from the versions of the build before to those of the list; what was chosen by a swap stays.
take_plugins() {
    cp -R -- "$1/." "$home/plugins/"
    (cd "$1" && find . -name '*.jar' -printf '%P\n') >"$home/plugins/shipped.txt.part"
    mv -- "$home/plugins/shipped.txt.part" "$home/plugins/shipped.txt"
}

# What the framework starts belongs to the build and is always replaced.
is_of_build() {
    case $1 in
        startup.properties | org.apache.karaf.features.cfg | config.properties | jre.properties) return 0 ;;
        *) return 1 ;;
    esac
}

# A file that still is what an earlier build brought is replaced; an edited one stays.
merge_settings() {
    local sums=$home/.slipway/etc.sha256 name
    touch -- "$sums"
    rm -f -- "$2"/*-*-*-*-*.xml # the features repository, whose name changes with every build
    (cd "$1" && find . -type f -printf '%P\n') | while IFS= read -r name; do
        mkdir -p -- "$(dirname -- "$2/$name")"
        if cmp -s -- "$1/$name" "$2/$name"; then
            continue # as after a change that was cut off
        elif is_of_build "$name" || [ ! -e "$2/$name" ] || (cd "$2" && sha256sum -- "$name" | grep -qxFf - "$sums"); then
            copy "$1/$name" "$2/$name"
        elif ! (cd "$1" && sha256sum -- "$name" | grep -qxFf "$sums"); then
            copy "$1/$name" "$2/$name.new"
        fi
    done
    (cd "$1" && find . -type f -printf '%P\0' | xargs -0 sha256sum --) >"$sums.part"
    mv -- "$sums.part" "$sums"
}

# Whole or not at all: half a settings file would be taken for one that somebody has edited.
copy() {
    cp -- "$1" "$2.part"
    mv -- "$2.part" "$2"
}

# The key of this home for the operator's shell, made once.
make_key() {
    [ -s "$home/etc/shell.key" ] && grep -q '^slipway *=' "$home/etc/keys.properties" && return
    "$JAVA_HOME/bin/java" "$here/etc/launcher/NewKey.java" "$home/etc/shell.key.part" >"$home/.slipway/keys"
    sed '/^slipway *=/d' "$home/etc/keys.properties" >>"$home/.slipway/keys"
    mv -- "$home/etc/shell.key.part" "$home/etc/shell.key"
    mv -- "$home/.slipway/keys" "$home/etc/keys.properties"
}

# setting FILE KEY: the value of a key of a settings file, or nothing.
setting() {
    { sed -n "s/^ *$2 *[=:] *//p" "$home/etc/$1" 2>/dev/null || true; } | tail -n 1
}

# put_setting FILE KEY VALUE: replaces or appends one key, atomically.
put_setting() {
    local file=$home/etc/$1
    { [ ! -e "$file" ] || grep -v "^ *$2 *[=:]" "$file" || [ $? -eq 1 ]; printf '%s = %s\n' "$2" "$3"; } >"$file.part"
    mv -- "$file.part" "$file"
}

# Before anything is built or unpacked.
check_api_port() {
    local port=${api_port:-$(port_of_home)}
    ! is_taken "$port" || fail "port $port is taken" "choose another by --api-port N"
}

choose_api_port() {
    local port=${api_port:-$(port_of_home)}
    [ "$(setting io.slipway.manager.gateway.cfg port)" = "$port" ] ||
        put_setting io.slipway.manager.gateway.cfg port "$port"
}

choose_shell_port() {
    local port
    port=$(setting custom.system.properties slipway.ssh.port)
    while [ -z "$port" ] || is_taken "$port"; do
        port=$((20000 + RANDOM % 12000))
    done
    put_setting custom.system.properties slipway.ssh.port "$port"
}
