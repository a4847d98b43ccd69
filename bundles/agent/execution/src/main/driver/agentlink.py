"""The line to the agent: dials, keeps what is not acknowledged, dials again for ever.

A frame is a header line "TYPE RUN NUMBER LENGTH" and LENGTH bytes. Records (output, waiting, finished) carry a
sequence number and stay here until the agent acknowledges them, so that a restart of the agent loses nothing.
"""
import _socket
import collections
import os

from reactor import IN, OUT

RUN_LIMIT = 1 << 20
TOTAL_LIMIT = 4 << 20
OVERHEAD = 64
MAX_FRAME = 32 << 20
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


def frame(kind, run, number, payload=b""):
    return b"%s %s %d %d\n" % (kind, run, number, len(payload)) + payload


class Broken(Exception):
    """What came in is no frame."""


class FrameParser(object):
    """Cuts a byte stream into frames."""

    def __init__(self):
        self._data = bytearray()

    def feed(self, data):
        """Takes bytes; yields (kind, run, number, payload) for every complete frame."""
        self._data += data
        while True:
            end = self._data.find(b"\n", 0, 256)
            if end < 0:
                if len(self._data) > 256:
                    raise Broken("header too long")
                return
            words = bytes(self._data[:end]).split(b" ")
            if len(words) != 4 or not words[3].isdigit() or int(words[3]) > MAX_FRAME:
                raise Broken("bad header")
            stop = end + 1 + int(words[3])
            if len(self._data) < stop:
                return
            payload = bytes(self._data[end + 1:stop])
            del self._data[:stop]
            yield words[0], words[1], int(words[2]), payload


class AgentLink(object):
    """Owner calls emit() and send(); gets on_frame(kind, run, number, payload), on_room() and states()."""

    def __init__(self, reactor, folder, owner):
        self._reactor = reactor
        self._folder = folder
        self._owner = owner
        self._instance = os.urandom(8).hex().encode()
        self._sock = None
        self._synced = False
        self._pause = FIRST_PAUSE
        self._out = collections.deque()
        self._sent = 0
        self._seq = 0
        self._unacked = {}
        self._weight = {}
        self._total = 0

    def dial(self):
        """Tries to connect; on failure tries again later, for ever."""
        sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            with open(os.path.join(self._folder, "token"), "rb") as source:
                token = source.read().strip()
            sock.connect(os.path.join(self._folder, "agent.sock"))
        except OSError:
            sock.close()
            self._later()
            return
        self._sock = sock
        self._synced = False
        self._parser = FrameParser()
        self._out.clear()
        self._sent = 0
        self._reactor.watch(sock.fileno(), IN, self._ready)
        self.send(b"hello", b"-", 1, b"token %s\ninstance %s\n" % (token, self._instance))

    def emit(self, kind, run, payload):
        """Sends a record reliably and returns its number."""
        self._seq += 1
        data = frame(kind, run, self._seq, payload)
        self._unacked.setdefault(run, collections.deque()).append((self._seq, data))
        self._weigh(run, len(data) + OVERHEAD)
        if self._synced:
            self._push(data)
        return self._seq

    def send(self, kind, run, number, payload=b""):
        """Sends a frame if there is a line now; it may get lost."""
        if self._sock is not None:
            self._push(frame(kind, run, number, payload))

    def is_full(self, run):
        """Says whether output of the run must wait until the agent has taken more."""
        return self._weight.get(run, 0) >= RUN_LIMIT or self._total >= TOTAL_LIMIT

    def has_unacked(self, run):
        """Says whether the agent has yet to take something of the run."""
        return run in self._unacked

    def _weigh(self, run, change):
        self._weight[run] = self._weight.get(run, 0) + change
        self._total += change

    def _push(self, data):
        self._out.append(data)
        if len(self._out) == 1:
            self._flush()

    def _flush(self):
        try:
            while self._out:
                self._sent += self._sock.send(memoryview(self._out[0])[self._sent:])
                if self._sent < len(self._out[0]):
                    break
                self._out.popleft()
                self._sent = 0
        except BlockingIOError:
            pass
        except OSError:
            self._drain()
            self._hang_up()
            return
        self._reactor.interest(self._sock.fileno(), IN | OUT if self._out else IN)

    def _ready(self, events):
        if events & OUT:
            self._flush()
        if self._sock is None or not events & ~OUT:
            return
        try:
            data = self._sock.recv(65536)
            if not data:
                raise Broken("end of line")
            for kind, run, number, payload in self._parser.feed(data):
                self._take(kind, run, number, payload)
        except BlockingIOError:
            return
        except (OSError, Broken):
            self._hang_up()

    def _take(self, kind, run, number, payload):
        if kind == b"ack":
            self._acknowledged(run, number)
        elif kind == b"welcome":
            self._welcomed(number)
        else:
            self._owner.on_frame(kind, run, number, payload)

    def _welcomed(self, last):
        self._pause = FIRST_PAUSE
        records = [record for kept in self._unacked.values() for record in kept if record[0] > last]
        for _, data in sorted(records):
            self._out.append(data)
        self._synced = True
        self._out.append(frame(b"state", b"-", self._seq, self._owner.states()))
        self._flush()

    def _acknowledged(self, run, number):
        kept = self._unacked.get(run)
        if not kept:
            return
        while kept and kept[0][0] <= number:
            self._weigh(run, -len(kept.popleft()[1]) - OVERHEAD)
        if not kept:
            del self._unacked[run]
            del self._weight[run]
        self._owner.on_room()

    def _drain(self):
        """Takes the acknowledgements of an agent that has left: what it handed on must not be sent again."""
        try:
            data = self._sock.recv(65536)
            while data:
                for kind, run, number, _ in self._parser.feed(data):
                    if kind == b"ack":
                        self._acknowledged(run, number)
                data = self._sock.recv(65536)
        except (OSError, Broken):
            pass

    def _hang_up(self):
        if self._sock is not None:
            self._reactor.forget(self._sock.fileno())
            self._sock.close()
            self._sock = None
            self._synced = False
            self._later()

    def _later(self):
        self._reactor.after("redial", self._pause, self.dial)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
