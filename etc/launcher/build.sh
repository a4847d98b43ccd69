# Builds the distribution when there is none or when a source is newer.

tarball() {
    find "$here/distributions/all-in-one/target" -maxdepth 1 -name '*.tar.gz' 2>/dev/null | head -n 1
}

# Names one source that is newer than the distribution, or nothing. A folder's time tells of deleted files.
newer_source() {
    find "$here/pom.xml" "$here/.mvn" "$here"/bundles "$here"/*-bundles "$here/karaf-features" "$here/distributions" \
        "$here"/etc/*.cfg \( -name target -o -name node_modules \) -prune -o \
        \( -type f -o -type d -path '*/src/*' \) -newer "$1" -print 2>/dev/null | head -n 1
}

needs_build() {
    local built
    [ "${SLIPWAY_BUILD:-}" != no ] || return 1
    built=$(tarball)
    [ -z "$built" ] || [ -n "$(newer_source "$built")" ]
}

use_maven() {
    command -v mvn >/dev/null && return
    is_root || fail "Maven is missing" "type: sudo apt-get install maven"
    install_packages maven
}

maven() {
    (cd "$here" && exec mvn -B -ntp "$@")
}

ensure_built() {
    local log=$here/target/build.log
    if needs_build; then
        mkdir -p "$here/target" 2>/dev/null && [ -w "$here/target" ] ||
            fail "$here is not writable and has no up-to-date build" "run ./slipway up once as its owner"
        use_maven
        exec 8>"$here/target/build.lock"
        flock 8
        ! needs_build || build "$log"
        exec 8>&-
    fi
    [ -n "$(tarball)" ] || fail "there is no build" "unset SLIPWAY_BUILD"
}

# Times come from before the build: a source that is changed meanwhile is newer.
build() {
    local began=$here/target/build.began
    step "Building (a first build fetches libraries and takes some minutes; log: $1)"
    touch "$began"
    if ! (umask 022 && maven install -Dquick -Dmaven.test.skip=true -pl distributions/all-in-one -am) >"$1" 2>&1 8>&-; then
        step_done failed
        grep -m 5 'ERROR' "$1" >&2 || tail -n 5 "$1" >&2
        fail "the build failed" "read $1"
    fi
    touch -r "$began" "$(tarball)"
    step_done
}

install_packages() {
    step "Installing $* by apt"
    if ! { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" ||
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }; } \
        >/dev/null 2>&1; then
        step_done failed
        return 1
    fi
    step_done
}

# What tests start: isolation, a real PostgreSQL, a Docker engine and registry, a Python of the system. Installed when missing and allowed.
prepare_tests() {
    local missing=()
    [ -x /usr/bin/python3 ] || missing+=(python3)
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    command -v busybox >/dev/null || missing+=(busybox)
    { command -v dockerd && command -v docker; } >/dev/null || missing+=(docker.io)
    command -v docker-init >/dev/null || missing+=(tini)
    command -v docker-registry >/dev/null || missing+=(docker-registry)
    command -v openssl >/dev/null || missing+=(openssl)
    command -v slirp4netns >/dev/null || missing+=(slirp4netns)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    [ ${#missing[@]} -gt 0 ] || return 0
    is_root && install_packages "${missing[@]}" ||
        fail "tests need ${missing[*]}" "type: sudo apt-get install ${missing[*]}"
}

# The Python that the genuine client runs on, or nothing; the same places as its test looks at.
client_python() {
    local python
    for python in "${SLIPWAY_TEST_PYTHON:-}" python3.12 python3 "${HOME:-/root}"/.pyenv/versions/3.12*/bin/python3; do
        if [ "$("$python" -c 'import sys; print(sys.version_info[:2])' 2>/dev/null)" = '(3, 12)' ]; then
            printf '%s' "$python"
            return
        fi
    done
}

readonly client_python_fix='install one (pyenv install 3.12, or uv python install 3.12) and set SLIPWAY_TEST_PYTHON to its python3'

# Everything with all its checks, the cheapest first; reports of earlier runs would be counted again. End-to-end tests are
# compiled and checked with the rest, so that a mistake in them is seen before half an hour has passed.
do_test() {
    local status=0 format=0 began
    use_jdk
    use_maven
    prepare_tests
    [ "$unit" = yes ] || [ -n "$(client_python)" ] ||
        fail "the tests with the official client need a Python 3.12" "$client_python_fix"
    say "Testing on Java $(java_version "$JAVA_HOME") in $JAVA_HOME"
    find "$here" -path '*/target/surefire-reports/*' -type f -delete
    check_format || format=$?
    began=$SECONDS
    run_tests -T "$jobs" -Ditests.skip=true || status=$?
    say "The build and the unit tests took $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
    # without a build there is nothing to test end to end; the results name what did not run
    if [ "$unit" = no ] && [ "$status" = 0 ]; then
        began=$SECONDS
        run_tests -Ditests.forks="$jobs" -pl itests || status=$?
        say "The end-to-end tests took $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
    fi
    /usr/bin/python3 "$here/etc/launcher/results.py" "$here" "$([ "$unit" = no ] && echo all || echo unit)" || status=1
    if [ "$format" != 0 ]; then
        format_differs
        status=1
    fi
    return "$status"
}

# Of all modules, in seconds. The tests run all the same: one ill-formed file must not hide what else is wrong.
check_format() {
    local log=$here/target/format.log
    mkdir -p "$here/target"
    step "Checking the format of all sources"
    if (umask 022 && maven -T "$jobs" --fail-at-end spotless:check) >"$log" 2>&1; then
        step_done
    else
        step_done failed
        format_differs
        return 1
    fi
}

format_differs() {
    local log=$here/target/format.log
    grep -E '^\[ERROR\] +[^ ]*/[^ ]*\.java$' "$log" >&2 || grep -m 5 ERROR "$log" >&2 || true
    warn "the format of these files is not the house's (all of it: $log); type: mvn spotless:apply"
}

# Tests hand files to other users; the launcher itself lets nobody else read. The results say what failed, so that
# one failure does not keep the rest from being tried; a test that fails is tried once more, and named.
run_tests() {
    (umask 022 && maven install --fail-at-end -Dspotless.check.skip=true -Dmaven.test.failure.ignore=true \
        -Dsurefire.rerunFailingTestsCount=1 "$@")
}
