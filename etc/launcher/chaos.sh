# The long forms of tests, on the build at hand; the short ones are in "test".

# Of each kind of plug-in: more than 1,000 in all.
readonly chaos_swaps=150
readonly chaos_kills=20

do_chaos() {
    local what=${rest[0]:-all} count=${rest[1]:-}
    check_chaos "$what" "$count"
    use_jdk
    use_maven
    prepare_tests
    ensure_built
    [ "$what" = kills ] || swaps "${count:-$chaos_swaps}"
    [ "$what" = swaps ] || kills "${count:-$chaos_kills}"
}

check_chaos() {
    case $1 in
        all | swaps | kills) ;;
        *) fail "unknown word $1" "type ./slipway chaos [swaps|kills [N]]" ;;
    esac
    case $2 in
        *[!0-9]* | 0*) fail "'$2' is no number of times" "type ./slipway chaos [swaps|kills [N]]" ;;
    esac
}

swaps() {
    say "Swapping each kind of plug-in $1 times under load"
    long_form SwapIT -Dslipway.swaps="$1"
    sed 's/^/  /' "$here/itests/target/swaps.txt"
    say "Swapping the Docker driver $1 times while containers run"
    docker_swaps "$1"
    say "Bad versions of a driver under load"
    long_form BadSwapIT
}

# Without an engine of its own the test has nothing to do, and leaves no figures.
docker_swaps() {
    local figures=$here/itests/target/swaps-docker.txt
    rm -f "$figures"
    long_form DockerSwapIT -Dslipway.swaps="$1"
    if [ -f "$figures" ]; then
        sed 's/^/  /' "$figures"
    else
        say "  left out: it wants root and dockerd (sudo apt-get install docker.io)"
    fi
}

kills() {
    local round
    for ((round = 1; round <= $1; round++)); do
        say "Killing the server under load, round $round of $1"
        long_form KillNineIT
    done
}

# One test class, with what it is made of built.
long_form() {
    local class=$1
    shift
    (umask 022 && maven -q install -Dquick -pl itests -am -Dtest="$class" -Dsurefire.failIfNoSpecifiedTests=false "$@") ||
        fail "$class failed" "read itests/target/surefire-reports"
}
