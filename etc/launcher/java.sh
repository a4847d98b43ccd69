# Finds the JDK. The machine's default java may be older; everything here runs on the one that is found.

readonly wanted_java=25

# The feature number of the JDK in a folder, or 0. Reads the release file: starting each java would take seconds.
java_version() {
    local line
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || { echo 0; return; }
    line=$(grep -m1 '^JAVA_VERSION=' "$1/release" || true)
    line=${line#*\"}
    line=${line%%[!0-9]*}
    echo "${line:-0}"
}

is_fit() {
    [ "$(java_version "$1")" -ge "$wanted_java" ]
}

java_folders() {
    local on_path search
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    on_path=$(command -v javac || true)
    [ -z "$on_path" ] || dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")"
    search=${SLIPWAY_JDK_SEARCH:-/usr/lib/jvm:/opt:${HOME:-/root}/.jdks:${HOME:-/root}/.sdkman/candidates/java}
    printf '%s\n' "$search" | tr ':' '\n' | while IFS= read -r folder; do
        [ ! -d "$folder" ] || find "$folder" -mindepth 1 -maxdepth 1 \( -type d -o -type l \) | sort
    done
}

# Sets JAVA_HOME for all that follows, or fails.
use_jdk() {
    local folder
    if [ -n "${SLIPWAY_JAVA_HOME:-}" ]; then
        is_fit "$SLIPWAY_JAVA_HOME" ||
            fail "SLIPWAY_JAVA_HOME=$SLIPWAY_JAVA_HOME is no JDK $wanted_java or newer" "point it at one"
        export JAVA_HOME=$SLIPWAY_JAVA_HOME
        return
    fi
    while IFS= read -r folder; do
        if is_fit "$folder"; then
            export JAVA_HOME=$folder
            return
        fi
    done < <(java_folders)
    fail "no JDK $wanted_java or newer found" "install one (https://adoptium.net) below /usr/lib/jvm or set SLIPWAY_JAVA_HOME"
}
