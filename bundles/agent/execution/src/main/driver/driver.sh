#!/bin/sh
# The main process of a kernel without Python: keeps one interactive shell alive. All files here are FIFOs that the
# agent made and that stay open here, so that neither side's restart loses what is in them:
#   in       lines for the shell (shell.sh has the functions)   out      frames "TYPE RUN NUMBER LENGTH" to the agent
#   stdout, stderr  raw output of commands, with end marks      stdin    lines that the read builtin gets
#   control  interrupts, served by a process of its own because a shell that runs a command listens to nobody
folder=${0%/*}
exec 3<>"$folder/in" 4<>"$folder/control" 6<>"$folder/stdin" 7<>"$folder/stdout" 8<>"$folder/stderr" 9<>"$folder/out"

command -v setsid >/dev/null 2>&1 || setsid() { "$@"; }

(
    trap '' INT HUP
    exec 3<&- 6<&- 7<&- 8<&-
    while read -r word group <&4; do
        case $word in
            ping) echo 'pong - 0 0' >&9 ;;
            interrupt)
                kill -s INT -- "-$group" 2>/dev/null || kill -s INT "$group" 2>/dev/null
                echo 'interrupted - 0 0' >&9
                ;;
            task)
                # begun once; told again and again, for the agent may be away or lose what it heard
                eval "is_begun=\${task_$group-}; task_$group=yes"
                [ -n "$is_begun" ] || (
                    trap - INT HUP
                    setsid /bin/sh "$folder/task-$group" </dev/null 4<&- 9>&-
                    status=$?
                    while echo "tasked $group $status 0" >&9 && sleep 5; do :; done
                ) &
                ;;
            kill) kill -s KILL -- "-$group" 2>/dev/null || kill -s KILL "$group" 2>/dev/null ;;
        esac
    done
) &
exec 4<&-

while :; do
    # a group of its own lets the control process signal the shell and its commands and nobody else
    SLIPWAY_FOLDER=$folder ENV=$folder/shell.sh setsid /bin/sh -i <&3 >/dev/null 2>&1 3<&-
    status=$?
    printf '\001slipway:*:%d\n' "$status" >&7
    printf '\001slipway:*:%d\n' "$status" >&8
    sleep 0.2 2>/dev/null || sleep 1
done
