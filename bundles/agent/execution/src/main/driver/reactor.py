"""One thread that waits for file descriptors and timers."""
import select
import time

IN = select.POLLIN
OUT = select.POLLOUT


class Reactor(object):
    """Calls handlers when a descriptor is ready or a moment has come."""

    def __init__(self):
        self._poll = select.poll()
        self._handlers = {}
        self._interest = {}
        self._timers = {}

    def watch(self, fd, events, handler):
        """Calls handler(events) whenever fd is ready; events of 0 keeps the handler but pauses it."""
        self._handlers[fd] = handler
        self.interest(fd, events)

    def interest(self, fd, events):
        """Changes what is waited for; does nothing for a descriptor that is not watched."""
        if fd not in self._handlers or self._interest.get(fd) == events:
            return
        if self._interest.get(fd):
            self._poll.unregister(fd)
        if events:
            self._poll.register(fd, events)
        self._interest[fd] = events

    def forget(self, fd):
        """Ends watching; the caller closes the descriptor."""
        self.interest(fd, 0)
        self._handlers.pop(fd, None)
        self._interest.pop(fd, None)

    def after(self, name, seconds, action):
        """Calls action once after so many seconds; replaces a timer of the same name."""
        self._timers[name] = (time.monotonic() + seconds, action)

    def cancel(self, name):
        """Forgets a timer."""
        self._timers.pop(name, None)

    def step(self):
        """Waits once and calls what is due."""
        wait = None
        if self._timers:
            wait = max(0, min(due for due, _ in self._timers.values()) - time.monotonic()) * 1000 + 1
        for fd, events in self._poll.poll(wait):
            handler = self._handlers.get(fd)
            if handler is not None and self._interest.get(fd):
                handler(events)
        now = time.monotonic()
        for name, (due, action) in list(self._timers.items()):
            if due <= now and self._timers.pop(name, None):
                action()
