"""The kernel's main process: holds the line to the agent and a Python interpreter, one run at a time.

It ends only when it is told to; when the interpreter ends, it starts another. Works with Python 3.6 and newer and with
nothing but the standard library. It imports little, because its start is part of the start of every session.
"""
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)

import _signal
import collections
import time

from agentlink import AgentLink
from interpreterprocess import InterpreterProcess
from reactor import IN, Reactor
from tasks import Tasks

MAX_QUEUE = 16
IDLE_LIMIT = 65536
IMPATIENT_COUNT = 3
IMPATIENT_SECONDS = 1.0
COMPLETION_SECONDS = 3.0
NUDGES = (0.05, 0.2, 1.0)
CANCELLED = 130
RETRY_SECONDS = 2
STARTING, READY, BUSY = range(3)


class Run(object):
    """The run that the interpreter works on."""

    def __init__(self, name, code):
        self.name = name
        self.code = code
        self.has_begun = False
        self.interrupts = []
        self.waiting = None


class Launcher(object):
    """Moves runs from the agent to the interpreter and records back."""

    def __init__(self):
        self.reactor = Reactor()
        self.link = AgentLink(self.reactor, FOLDER, self)
        self.run = None
        self.queue = collections.deque()
        self.ended = collections.deque(maxlen=64)
        self.completing = None
        self.idle = collections.deque()
        self.idle_bytes = 0
        self.idle_lost = 0
        self.stop_status = None
        self.tasks = Tasks(lambda name, status: self.link.send(b"tasked", name, status))
        self.interpreter = None

    def start_interpreter(self):
        if self.interpreter is not None:
            return
        self.phase = STARTING
        try:
            self.interpreter = InterpreterProcess(self.reactor, FOLDER, self)
        except OSError as problem:
            # a limit on processes or descriptors, perhaps reached by the user's own programs
            self._note("cannot start an interpreter, next try in %d s: %s\n" % (RETRY_SECONDS, problem))
            self.reactor.after("interpreter", RETRY_SECONDS, self.start_interpreter)

    # from the agent

    def on_frame(self, kind, name, number, payload):
        if kind == b"run":
            self._submit(name, payload)
        elif kind == b"input":
            self._input(name, number, payload)
        elif kind == b"interrupt":
            self._interrupt(name)
        elif kind == b"cancel":
            self._cancel(name)
        elif kind == b"complete":
            self._complete(number, payload)
        elif kind == b"task":
            self.tasks.ask(name, payload)

    def on_room(self):
        self._apply_pressure()

    def states(self):
        lines = []
        if self.run is not None:
            waiting = self.run.waiting
            state = b"waiting %d %s" % (waiting[0], waiting[2]) if waiting else b"running"
            lines.append(b"run %s %s" % (self.run.name, state))
        lines += [b"run %s queued" % run.name for run in self.queue]
        lines += [b"run %s finished" % name for name in self.ended if self.link.has_unacked(name)]
        return b"\n".join(lines)

    def _submit(self, name, code):
        known = [run.name for run in self.queue] + list(self.ended) + ([self.run.name] if self.run else [])
        if name in known:
            return
        if len(self.queue) >= MAX_QUEUE:
            self.link.emit(b"stderr", name, b"too many runs wait in this kernel\n")
            self._end(name, 1)
            return
        self.queue.append(Run(name, code))
        self._next()

    def _next(self):
        if self.run is not None or not self.queue or self.stop_status is not None:
            return
        if self.interpreter is None:
            self.start_interpreter()
        if self.phase == READY:
            self.run = self.queue.popleft()
            self.phase = BUSY
            self._give_idle_output()
            self.interpreter.commands.write(b"run", 0, self.run.code)
            self.run.code = b""

    def _input(self, name, number, line):
        run = self.run
        if run is not None and run.name == name and run.waiting and run.waiting[0] == number:
            request = run.waiting[1]
            run.waiting = None
            self.interpreter.inputs.write(b"line", request, line)

    def _interrupt(self, name):
        # while the interpreter starts, the first in the queue is what the user sees as running
        run = self.run or (self.queue[0] if self.queue else None)
        if run is None or run.name != name:
            return
        now = time.monotonic()
        run.interrupts.append(now)
        if len(run.interrupts) >= IMPATIENT_COUNT and now - run.interrupts[0] >= IMPATIENT_SECONDS:
            self._note("the run did not react to %d interrupts\n" % len(run.interrupts))
            self._kill(_signal.SIGKILL)
        elif run.has_begun:
            self._interrupt_interpreter()

    def _interrupt_interpreter(self):
        self._kill(_signal.SIGINT)
        self._nudge(NUDGES)

    def _nudge(self, pauses):
        """An interrupt that comes just before a call that waits is noted, but does not end that call: the next signal does.

        That one means nothing to the interpreter, so that nothing is interrupted twice.
        """
        def nudge():
            if self.interpreter is not None and self.phase == BUSY:
                try:
                    os.kill(self.interpreter.pid, _signal.SIGURG)
                except OSError:
                    pass
                self._nudge(pauses[1:])
        if pauses:
            self.reactor.after("nudge", pauses[0], nudge)

    def _cancel(self, name):
        """Takes a run out of the queue; one that has left it is interrupted."""
        for run in self.queue:
            if run.name == name:
                self.queue.remove(run)
                self._end(name, CANCELLED)
                return
        self._interrupt(name)

    def _kill(self, number):
        if self.interpreter is not None:
            try:
                os.killpg(self.interpreter.pid, number)
            except OSError:
                pass

    def _complete(self, number, line):
        if self.phase != READY or self.interpreter is None or self.completing is not None:
            self.link.send(b"completed", b"-", number)
            return
        self.phase = BUSY
        self.completing = number
        self.interpreter.commands.write(b"complete", number, line)
        self.reactor.after("completion", COMPLETION_SECONDS, self._interrupt_interpreter)

    # from the interpreter

    def on_output(self, kind, data):
        if self.run is not None:
            self.link.emit(kind, self.run.name, data)
            self._apply_pressure()
            return
        self.idle.append((kind, data))
        self.idle_bytes += len(data)
        while self.idle_bytes > IDLE_LIMIT:
            lost = len(self.idle.popleft()[1])
            self.idle_bytes -= lost
            self.idle_lost += lost

    def on_event(self, kind, number, payload):
        run = self.run
        if kind == b"ready":
            self.phase = READY
            self._next()
        elif kind == b"completed":
            self.reactor.cancel("completion")
            self.link.send(b"completed", b"-", number, payload)
            self.completing = None
            self.phase = READY
            self.reactor.cancel("nudge")
            self._next()
        elif kind == b"input":
            if run is None:
                self.interpreter.inputs.write(b"end", number)
            else:
                run.waiting = (self.link.emit(b"waiting", run.name, payload), number, payload)
        elif run is None:
            return
        elif kind == b"begun":
            run.has_begun = True
            if run.interrupts:
                self._interrupt_interpreter()
        elif kind == b"uninput":
            self._resume(run)
        elif kind == b"done":
            if run.waiting:
                self.interpreter.inputs.write(b"end", run.waiting[1])
            self.run = None
            self.phase = READY
            self.reactor.cancel("nudge")
            self._end(run.name, number)
            self._apply_pressure()
            self._next()
        elif kind in (b"html", b"media"):
            self.link.emit(kind, run.name, payload)
            self._apply_pressure()
        elif kind == b"step":
            self.link.emit(b"step", run.name, b"%s %d" % (payload, number))

    def _resume(self, run):
        if run.waiting:
            run.waiting = None
            self.link.emit(b"resumed", run.name, b"")

    def _end(self, name, status):
        self.ended.append(name)
        self.link.emit(b"finished", name, b"%d" % status)

    def _apply_pressure(self):
        if self.interpreter is not None:
            self.interpreter.pause(self.run is not None and self.link.is_full(self.run.name))

    def _note(self, text):
        self.on_output(b"stderr", ("[slipway] " + text).encode())

    def _give_idle_output(self):
        kept, self.idle, lost = self.idle, collections.deque(), self.idle_lost
        self.idle_bytes = self.idle_lost = 0
        if lost:
            self._note("%d bytes written between runs were dropped\n" % lost)
        for kind, data in kept:
            self.on_output(kind, data)

    # children

    def on_child(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except OSError:
                return
            if pid == 0:
                return
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            if self.tasks.on_child(pid, code):
                continue
            if self.interpreter is not None and pid == self.interpreter.pid:
                self._interpreter_ended(status)

    def _interpreter_ended(self, status):
        dead, was_starting = self.interpreter, self.phase == STARTING
        dead.close()
        self.interpreter = None
        self.reactor.cancel("nudge")
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        if self.stop_status is not None:
            os._exit(self.stop_status)
        if self.completing is not None:
            self.reactor.cancel("completion")
            self.link.send(b"completed", b"-", self.completing)
            self.completing = None
        run, self.run = self.run or (self.queue.popleft() if was_starting and self.queue else None), None
        if run is None:
            self._note("the interpreter ended with status %d; its variables are lost\n" % code)
        else:
            self.run = run
            self._give_idle_output()
            self._note("the interpreter ended with status %d; its variables are lost, the next run gets a new one\n"
                       % code)
            self.run = None
            self._end(run.name, code)
        if not was_starting:
            self.start_interpreter()
        self._next()

    def stop(self, number):
        """Passes a request to end on to the programs and ends with the interpreter."""
        self.stop_status = 128 + number
        self.tasks.kill(_signal.SIGTERM)
        if self.interpreter is None:
            os._exit(self.stop_status)
        self._kill(_signal.SIGTERM)


def main():
    launcher = Launcher()
    launcher.start_interpreter()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)

    def on_wake(events):
        for number in os.read(wake_read, 512):
            if number != _signal.SIGCHLD:
                launcher.stop(number)
        launcher.on_child()

    launcher.reactor.watch(wake_read, IN, on_wake)
    _signal.set_wakeup_fd(wake_write)
    for number in (_signal.SIGCHLD, _signal.SIGTERM, _signal.SIGINT, _signal.SIGHUP):
        _signal.signal(number, lambda number, frame: None)
    launcher.on_child()
    launcher.link.dial()
    while True:
        launcher.reactor.step()


if __name__ == "__main__":
    main()
