# Read by the interactive shell at its start. The agent sends two short lines per run: the first begins it, the second,
# sent when "begun" arrived, reports its status. The second stays in the FIFO while a command runs, so it is still there
# after an interrupt or a syntax error has thrown the rest of the first away.
PS1='' PS2=''
unset ENV
__slipway_folder=$SLIPWAY_FOLDER
unset SLIPWAY_FOLDER
__slipway_run='' __slipway_last='' __slipway_status=0

# Whenever a line is read, the run before it is over.
__slipway_over() {
    if [ -n "$__slipway_run" ]; then
        __slipway_status=$1 __slipway_last=$__slipway_run __slipway_run=''
    fi
}

# An interrupt may lose a line, so the agent may send this one again; a run is begun once all the same.
__slipway_begin() {
    __slipway_over $?
    [ "$__slipway_last" = "$1" ] && return 1
    __slipway_run=$1
    echo "begun $1 0 0" >&9
}

# Tells that a step of batch mode is over, in both streams, after its output.
__slipway_step() {
    printf '\001slipway:%s~%s:%d\n' "$__slipway_run" "$1" "$2" >&7
    printf '\001slipway:%s~%s:%d\n' "$__slipway_run" "$1" "$2" >&8
}

__slipway_done() {
    __slipway_over $?
    if [ "$__slipway_last" = "$1" ]; then
        printf '\001slipway:%s:%d\n' "$1" "$__slipway_status" >&7
        printf '\001slipway:%s:%d\n' "$1" "$__slipway_status" >&8
    else
        echo "unknown $1 0 0" >&9
    fi
    PS1='' PS2=''
}

# Commands get an empty stdin; only the read builtin can ask, for no program can be seen waiting from outside.
read() {
    if ! [ /proc/self/fd/0 -ef /dev/null ]; then
        command read "$@"
        return
    fi
    __slipway_secret=0 __slipway_raw=''
    while :; do
        case $1 in
            -r) __slipway_raw=-r ;;
            -s) __slipway_secret=1 ;;
            -p)
                printf '%s' "$2" >&2
                shift
                ;;
            *) break ;;
        esac
        shift
    done
    echo "waiting ${__slipway_run:--} $__slipway_secret 0" >&9
    command read $__slipway_raw "$@" <&6
}

echo "hello - $$ 0" >&9
