"""The interpreter's stdin, stdout and stderr, and its line to the launcher."""
import _signal
import _thread
import fcntl
import io
import os
import time

FIONREAD = 0x541B
NOTHING = b"\0\0\0\0"
PARTIAL_LINE_SECONDS = 0.03


def read_frame(fd, rest):
    """Reads one frame "KIND NUMBER LENGTH" from a pipe; returns (kind, number, payload) or None at its end."""
    data = rest[0]
    while True:
        end = data.find(b"\n")
        if end >= 0:
            kind, number, length = data[:end].split(b" ")
            stop = end + 1 + int(length)
            if len(data) >= stop:
                rest[0] = data[stop:]
                return kind, int(number), data[end + 1:stop]
        rest[0] = data
        more = os.read(fd, 1 << 20)
        if not more:
            return None
        data += more


class Line(object):
    """Tells the launcher things, and asks it for input and for order between stdout and stderr."""

    def __init__(self, inputs, acks, events):
        self._inputs = inputs
        self._acks = acks
        self._events = events
        self._owner = os.getpid()
        self._main_thread = _thread.get_ident()
        self._tell_lock = _thread.allocate_lock()
        self._input_lock = _thread.allocate_lock()
        self._sync_lock = _thread.allocate_lock()
        self._input_rest = [b""]
        self._ack_rest = [b""]
        self._number = 0

    def is_ours(self):
        """Says whether this is the interpreter itself and not a process forked from it."""
        return os.getpid() == self._owner

    def tell(self, kind, number=0, payload=b""):
        """Sends an event as a whole; an interrupt that comes meanwhile is delivered afterwards."""
        if not self.is_ours():
            return
        data = b"%s %d %d\n" % (kind, number, len(payload)) + payload
        noted = []
        is_main = _thread.get_ident() == self._main_thread
        if is_main:
            before = _signal.signal(_signal.SIGINT, lambda number, frame: noted.append(frame))
        try:
            with self._tell_lock:
                while data:
                    data = data[os.write(self._events, data):]
        finally:
            if is_main:
                _signal.signal(_signal.SIGINT, before)
        if noted and callable(before):
            before(_signal.SIGINT, noted[0])

    def ask(self, is_password):
        """Returns a line of input without line end, or None if there is nobody to ask."""
        if not self.is_ours():
            return None
        with self._input_lock:
            self._number += 1
            number = self._number
            self.tell(b"input", number, b"1" if is_password else b"0")
            try:
                while True:
                    answer = read_frame(self._inputs, self._input_rest)
                    if answer is None or answer[1] == number:
                        return None if answer is None or answer[0] == b"end" else answer[2].decode("utf-8", "replace")
            except BaseException:
                self.tell(b"uninput", number)
                raise

    def settle(self, fd):
        """Returns when the launcher has taken what was written to fd, so that the other stream comes after it."""
        try:
            if fcntl.ioctl(fd, FIONREAD, NOTHING) == NOTHING or not self.is_ours():
                return
        except OSError:
            return
        with self._sync_lock:
            self._number += 1
            number = self._number
            self.tell(b"sync", number)
            while True:
                answer = read_frame(self._acks, self._ack_rest)
                if answer is None or answer[1] == number:
                    return


class Turn(object):
    """Keeps what this program writes to stdout and stderr in order, although each has a pipe of its own."""

    def __init__(self, line):
        self._line = line
        self.holder = None

    def take(self, stream):
        """Lets a stream write once what was written to the other one has left."""
        before, self.holder = self.holder, stream
        if before is not None and not before.closed:
            before.flush()
            self._line.settle(before.descriptor)


class PartialLines(object):
    """Sends out text without a line end after a moment, as a person would see it on a terminal."""

    def __init__(self):
        self._streams = []
        self._wake = _thread.allocate_lock()
        self._wake.acquire()
        self._is_awake = False
        self._has_thread = False

    def mark(self, stream):
        stream.is_partial = True
        if stream not in self._streams:
            self._streams.append(stream)
        if not self._has_thread:
            self._has_thread = True
            _thread.start_new_thread(self._work, ())
        if not self._is_awake:
            self._is_awake = True
            self._wake.release()

    def _work(self):
        while True:
            self._wake.acquire()
            time.sleep(PARTIAL_LINE_SECONDS)
            self._is_awake = False
            for stream in self._streams:
                if stream.is_partial and not stream.closed:
                    stream.flush()


class Output(io.TextIOWrapper):
    """stdout or stderr: flushed at line ends, in order with the other one."""

    def __init__(self, fd, name, turn, partial):
        raw = io.FileIO(fd, "w", closefd=False)
        raw.name = "<" + name + ">"
        super(Output, self).__init__(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True)
        self.mode = "w"
        self.descriptor = fd
        self.is_partial = False
        self._turn = turn
        self._partial = partial

    def write(self, text):
        if self._turn.holder is not self:
            self._turn.take(self)
        count = super(Output, self).write(text)
        if text and text[-1] != "\n":
            if not self.is_partial:
                self._partial.mark(self)
        else:
            self.is_partial = False
        return count

    def flush(self):
        self.is_partial = False
        super(Output, self).flush()


class Input(io.RawIOBase):
    """Raw stdin: every read asks for a line."""

    def __init__(self, line, before):
        super(Input, self).__init__()
        self._line = line
        self._before = before
        self._rest = b""

    def readable(self):
        return True

    def fileno(self):
        return 0

    def readinto(self, target):
        if not self._rest:
            self._before()
            text = self._line.ask(False)
            if text is None:
                return 0
            self._rest = text.encode("utf-8", "replace") + b"\n"
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
