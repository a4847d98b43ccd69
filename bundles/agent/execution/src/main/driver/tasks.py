"""Commands that the agent has run beside all runs; their output goes where the launcher's own goes, to the kernel's log."""
import os
import _signal

SHELL = "/bin/sh"


class Tasks(object):
    """Begins each named command once and keeps its status for whoever asks, however often."""

    def __init__(self, tell):
        self._tell = tell
        self._running = {}
        self._status = {}

    def ask(self, name, command):
        """Begins a task unless it was begun; tells the status of one that has ended."""
        if name in self._status:
            self._tell(name, self._status[name])
        elif name not in self._running.values():
            try:
                pid = os.fork()
            except OSError:
                return  # a limit on processes; the agent asks again
            if pid == 0:
                _become_shell(command)
            self._running[pid] = name

    def on_child(self, pid, code):
        """Says whether the process that ended was a task."""
        name = self._running.pop(pid, None)
        if name is None:
            return False
        self._status[name] = code
        self._tell(name, code)
        return True

    def kill(self, number):
        for pid in self._running:
            try:
                os.killpg(pid, number)
            except OSError:
                continue


def _become_shell(command):
    try:
        os.setsid()
        for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
            _signal.signal(number, _signal.SIG_DFL)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.execv(SHELL, [SHELL, "-c", command.decode("utf-8", "surrogateescape")])
    except BaseException as problem:
        os.write(2, ("cannot start %s: %s\n" % (SHELL, problem)).encode())
    finally:
        os._exit(127)
