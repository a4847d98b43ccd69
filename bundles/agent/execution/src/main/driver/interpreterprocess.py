"""Starts the interpreter and holds its pipes; the interpreter's own part is in interpreter.py."""
import fcntl
import os
import sys
import time

from reactor import IN, OUT

FIONREAD = 0x541B
CHUNK = 65536
SMALL = 16384
BURST_SECONDS = 0.01
REST_SECONDS = 0.002


def waiting_bytes(fd):
    """Returns how many bytes lie in a pipe."""
    return int.from_bytes(fcntl.ioctl(fd, FIONREAD, b"\0\0\0\0"), sys.byteorder)


def cut(data):
    """Splits bytes before a character that is not complete yet."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 == 0x80:
            continue
        need = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        return (data[:-back], data[-back:]) if need > back else (data, b"")
    return data, b""


class Output(object):
    """The reading end of the interpreter's stdout or stderr."""

    def __init__(self, kind, fd, owner):
        self.kind = kind
        self.fd = fd
        self.is_resting = False
        self.is_closed = False
        self.last_read = 0
        self._owner = owner
        self._rest = b""

    def read(self, most=CHUNK):
        """Reads once and hands on whole characters; returns how many bytes came."""
        try:
            data = os.read(self.fd, most)
        except OSError:
            return 0
        whole, self._rest = cut(self._rest + data)
        if whole:
            self._owner.on_output(self.kind, whole)
        return len(data)

    def drain(self, is_end):
        """Hands on all that was written before this call; is_end gives out an incomplete character too."""
        left = waiting_bytes(self.fd)
        while left > 0:
            got = self.read(min(left, CHUNK))
            if not got:
                break
            left -= got
        if is_end and self._rest:
            self._owner.on_output(self.kind, self._rest)
            self._rest = b""


class Inlet(object):
    """The writing end of a pipe to the interpreter; never blocks."""

    def __init__(self, reactor, fd):
        os.set_blocking(fd, False)
        self.fd = fd
        self._reactor = reactor
        self._data = bytearray()
        reactor.watch(fd, 0, self._ready)

    def write(self, kind, number, payload=b""):
        self._data += b"%s %d %d\n" % (kind, number, len(payload)) + payload
        self._ready(OUT)

    def _ready(self, events):
        try:
            while self._data:
                del self._data[:os.write(self.fd, self._data[:CHUNK])]
        except BlockingIOError:
            pass
        except OSError:
            self._data = bytearray()
        self._reactor.interest(self.fd, OUT if self._data else 0)


class InterpreterProcess(object):
    """One interpreter; calls owner.on_output(kind, data) and owner.on_event(kind, number, payload)."""

    def __init__(self, reactor, folder, owner):
        self._reactor = reactor
        self._owner = owner
        self._events = b""
        self._is_paused = False
        self._has_hung_up = False
        pipes = []
        try:
            for _ in range(6):
                pipes.append(os.pipe())
            self.pid = os.fork()
        except OSError:
            for pipe in pipes:
                os.close(pipe[0])
                os.close(pipe[1])
            raise
        commands, inputs, acks, events, out, err = pipes
        if self.pid == 0:
            _become_interpreter(folder, commands[0], inputs[0], acks[0], events[1], out[1], err[1])
        for fd in (commands[0], inputs[0], acks[0], events[1], out[1], err[1]):
            os.close(fd)
        self.commands = Inlet(reactor, commands[1])
        self.inputs = Inlet(reactor, inputs[1])
        self._acks = Inlet(reactor, acks[1])
        self._event_fd = events[0]
        self._outputs = (Output(b"stdout", out[0], owner), Output(b"stderr", err[0], owner))
        for output in self._outputs:
            os.set_blocking(output.fd, False)
            reactor.watch(output.fd, IN, self._reading(output))
        os.set_blocking(self._event_fd, False)
        reactor.watch(self._event_fd, IN, lambda events: self._read_events())

    def pause(self, is_paused):
        """Stops or goes on taking output; the interpreter's writes then block."""
        self._is_paused = is_paused
        self._reactor.interest(self._event_fd, 0 if is_paused or self._has_hung_up else IN)
        for output in self._outputs:
            self._listen(output)

    def _listen(self, output):
        is_off = self._is_paused or output.is_resting or output.is_closed
        self._reactor.interest(output.fd, 0 if is_off else IN)

    def close(self):
        """Takes what is left of a dead interpreter and closes its pipes."""
        while self._read_events():
            pass
        self.drain(True)
        for fd in [self._event_fd, self.commands.fd, self.inputs.fd, self._acks.fd] + [o.fd for o in self._outputs]:
            self._reactor.forget(fd)
            os.close(fd)
        for output in self._outputs:
            self._reactor.cancel(output.kind)

    def drain(self, is_end):
        """Hands on all output written before this call."""
        for output in self._outputs:
            output.drain(is_end)

    def _reading(self, output):
        def ready(events):
            count = output.read()
            now = time.monotonic()
            if not count and not events & IN:
                output.is_closed = True
            elif count < SMALL and now - output.last_read < BURST_SECONDS:
                # many small writes: let some gather, or every line costs three switches between processes
                output.is_resting = True
                self._reactor.after(output.kind, REST_SECONDS, rested)
            output.last_read = now
            self._listen(output)

        def rested():
            output.is_resting = False
            self._listen(output)
        return ready

    def _read_events(self):
        try:
            data = os.read(self._event_fd, CHUNK)
        except OSError:
            return False
        if not data:
            self._has_hung_up = True
            self._reactor.interest(self._event_fd, 0)
            return False
        self._events += data
        try:
            self._take_events()
        except ValueError:
            # the user's code wrote into our pipe: nothing that comes after makes sense
            self._events = b""
            self._has_hung_up = True
            os.kill(self.pid, 9)
        return not self._has_hung_up

    def _take_events(self):
        while True:
            end = self._events.find(b"\n")
            if end < 0:
                return
            kind, number, length = self._events[:end].split(b" ")
            stop = end + 1 + int(length)
            if len(self._events) < stop:
                return
            payload, self._events = self._events[end + 1:stop], self._events[stop:]
            self.drain(kind == b"done")
            if kind == b"sync":
                self._acks.write(b"ack", int(number))
            else:
                self._owner.on_event(kind, int(number), payload)


def _become_interpreter(folder, commands, inputs, acks, events, out, err):
    try:
        os.setsid()
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        fds = (commands, inputs, acks, events)
        for fd in fds:
            os.set_inheritable(fd, True)
        script = os.path.join(folder, "interpreter.py")
        os.execv(sys.executable, [sys.executable, script] + [str(fd) for fd in fds])
    except BaseException as problem:
        os.write(2, ("cannot start the interpreter: %s\n" % problem).encode())
    finally:
        os._exit(127)
