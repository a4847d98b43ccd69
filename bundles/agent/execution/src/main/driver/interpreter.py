"""The interpreter that runs a user's code; a child of the launcher, started by it with four pipes."""
import sys

WRITES_BYTECODE = not sys.dont_write_bytecode
sys.dont_write_bytecode = True

import _ast
import _signal
import builtins
import io
import os

from streams import Input, Line, Output, PartialLines, Turn, read_frame

FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
KEPT_SOURCES = 500
MAX_DISPLAY = 4 << 20
ONLY_AST = 0x400
PICTURES = (("_repr_png_", "image/png"), ("_repr_jpeg_", "image/jpeg"), ("_repr_svg_", "image/svg+xml"))


class Interpreter(object):
    """Runs code with the rules of a notebook cell in one lasting namespace."""

    def __init__(self, line, namespace):
        self._line = line
        self._namespace = namespace
        self._turn = Turn(line)
        self._partial = PartialLines()
        self._count = 0
        self._future = 0
        self._is_silent = False
        self.ensure_streams()

    def ensure_streams(self):
        """Makes the three streams, again if a user's code closed one."""
        for name, fd in (("stdout", 1), ("stderr", 2)):
            if getattr(sys, "__" + name + "__").closed or not isinstance(getattr(sys, "__" + name + "__"), Output):
                setattr(sys, "__" + name + "__", Output(fd, name, self._turn, self._partial))
            if getattr(getattr(sys, name), "closed", True) or self._count == 0:
                setattr(sys, name, getattr(sys, "__" + name + "__"))
        if getattr(sys.stdin, "closed", True) or self._count == 0:
            raw = Input(self._line, self.flush)
            sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8")

    def flush(self):
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            try:
                stream.flush()
            except (AttributeError, ValueError, OSError):
                continue
        if "ctypes" in sys.modules:
            sys.modules["ctypes"].pythonapi.fflush(None)

    def display(self, value):
        """The display hook: shows what the last expression of a cell gave."""
        if value is None or self._is_silent:
            return
        builtins._ = None
        text = repr(value)
        builtins._ = value
        sys.stdout.write(text + "\n")
        if isinstance(value, type):
            return
        self._display_as(value, "_repr_html_", b"html", "")
        for method, mime in PICTURES:
            self._display_as(value, method, b"media", mime)

    def _display_as(self, value, method, kind, mime):
        try:
            maker = getattr(value, method, None)
            made = maker() if callable(maker) else None
        except Exception:
            return
        if isinstance(made, tuple) and made:  # with metadata, as IPython gives it
            made = made[0]
        if kind == b"media" and isinstance(made, bytes):
            import base64
            made = ("%s\ndata:%s;base64," % (mime, mime)).encode() + base64.b64encode(made)
        elif kind == b"media" and isinstance(made, str):
            # a picture that comes as text is base64 already, but for the one that is text
            head = "" if mime == "image/svg+xml" else "data:%s;base64," % mime
            made = (mime + "\n" + head + (made if head == "" else made.replace("\n", ""))).encode("utf-8", "replace")
        elif kind == b"html" and isinstance(made, str):
            made = made.encode("utf-8", "replace")
        else:
            return
        if len(made) > MAX_DISPLAY:
            sys.stderr.write("[slipway] a display value of %d bytes is too large\n" % len(made))
            return
        self.flush()
        self._line.tell(kind, 0, made)

    def run(self, source):
        """Runs one cell; returns its exit status."""
        self.ensure_streams()
        self._count += 1
        status = 0
        try:
            try:
                _signal.signal(_signal.SIGINT, _signal.default_int_handler)
                self._line.tell(b"begun")
                for code in self._compile(source):
                    exec(code, self._namespace)
            finally:
                _signal.signal(_signal.SIGINT, ignore)
        except SystemExit as request:
            status = exit_status(request)
        except BaseException:
            _signal.signal(_signal.SIGINT, ignore)
            status = 1
            try:
                self.flush()
                self._line.settle(1)
                show_traceback(self._count)
            except BaseException:
                os.write(2, b"the traceback could not be shown\n")
        if not self._line.is_ours():
            self.flush()
            os._exit(status)
        self.flush()
        return status

    def _compile(self, source):
        text = source.decode("utf-8", "replace")
        name = cell_name(self._count)
        remember(text, self._count)
        tree = compile(text, name, "exec", ONLY_AST | self._future, True)
        self._is_silent = text.rstrip().endswith(";")
        last = []
        if tree.body and isinstance(tree.body[-1], _ast.Expr):
            last = [_ast.Interactive([tree.body.pop()])]
        codes = []
        if tree.body:
            codes.append(compile(tree, name, "exec", self._future, True))
            self._future |= codes[0].co_flags & future_flags(text)
        for end in last:
            codes.append(compile(end, name, "single", self._future, True))
        return codes

    def complete(self, line):
        """Returns completions of the last word of a line, best first."""
        start = len(line)
        while start and (line[start - 1].isalnum() or line[start - 1] in "._"):
            start -= 1
        word = line[start:]
        if not word:
            return []
        import rlcompleter
        completer = rlcompleter.Completer(self._namespace)
        found = []
        while len(found) < 100:
            match = completer.complete(word, len(found))
            if match is None:
                break
            found.append(match)
        return [match.rstrip("(): ") for match in found]


def future_flags(text):
    if "__future__" not in text:
        return 0
    import __future__
    flags = 0
    for name in __future__.all_feature_names:
        flags |= getattr(__future__, name).compiler_flag
    return flags & ~0x10  # not the flag of nested scopes: other compile modes do not take it


def ignore(number, frame):
    """Between runs an interrupt that came too late means nothing; nor does a nudge at any time, see launcher.py."""


def exit_status(request):
    code = request.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(str(code) + "\n")
    return 1


SOURCES = {}
LINE = None


def remember(text, count):
    """Lets tracebacks and inspect find the source of a cell, without importing linecache before it is needed."""
    SOURCES[cell_name(count)] = text
    SOURCES.pop(cell_name(count - KEPT_SOURCES), None)
    if "linecache" in sys.modules:
        fill_linecache(sys.modules["linecache"], count)


def fill_linecache(linecache, count):
    for name, text in SOURCES.items():
        linecache.cache[name] = (len(text), None, (text + "\n").splitlines(True), name)
    linecache.cache.pop(cell_name(count - KEPT_SOURCES), None)


def cell_name(count):
    return "<cell %d>" % count


def show_traceback(count):
    """Prints a traceback of the user's code, without the frames of this program."""
    kind, value, trace = sys.exc_info()
    import linecache
    import traceback
    fill_linecache(linecache, count)
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.last_type, sys.last_value, sys.last_traceback = kind, value, trace
    report = traceback.TracebackException(kind, value, trace)
    hide_own_frames(report, 0)
    lines = report.format() if report.stack else report.format_exception_only()
    sys.stderr.write("".join(lines))


def hide_own_frames(report, depth):
    if report is None or depth > 100:
        return
    report.stack[:] = [frame for frame in report.stack if not frame.filename.startswith(FOLDER)]
    hide_own_frames(report.__cause__, depth + 1)
    hide_own_frames(report.__context__, depth + 1)


class GetpassHook(object):
    """Makes getpass ask through the agent, once somebody imports it."""

    def __init__(self, ask):
        self._ask = ask

    def find_spec(self, name, path=None, target=None):
        if name != "getpass":
            return None
        from importlib.machinery import PathFinder
        spec = PathFinder.find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            module.getpass = self._ask
        spec.loader.exec_module = exec_module
        return spec


def make_input(interpreter, line, is_password):
    def ask(prompt="Password: " if is_password else "", stream=None):
        sys.stdout.write(str(prompt))
        interpreter.flush()
        text = line.ask(is_password)
        if text is None:
            raise EOFError("there is nobody to ask for input")
        return text
    ask.__name__ = ask.__qualname__ = "getpass" if is_password else "input"
    return ask


def fresh_main():
    """Puts an empty module in the place of this one, so that the user's code is __main__."""
    main = type(sys)("__main__")
    main.__builtins__ = builtins
    sys.modules["slipway_interpreter"] = sys.modules["__main__"]
    sys.modules["__main__"] = main
    return main.__dict__


def batch(encoded):
    """Runs the steps of batch mode, "NAME:COMMAND" with base64 commands, each in a shell; ends the run by SystemExit."""
    import base64
    status = 0
    for word in encoded.split():
        name, command = word.split(":")
        status = shell(base64.b64decode(command).decode("utf-8"))
        if name == "exec" or status == 130:
            break
        LINE.tell(b"step", status, name.encode())
        if name == "build" and status != 0:
            status = 127
            break
    raise SystemExit(status)


def shell(command):
    code = os.system(command)
    return os.WEXITSTATUS(code) if os.WIFEXITED(code) else 128 + os.WTERMSIG(code)


def serve(line, commands):
    global LINE
    LINE = line
    interpreter = Interpreter(line, fresh_main())
    sys.displayhook = interpreter.display
    builtins.input = make_input(interpreter, line, False)
    sys.meta_path.insert(0, GetpassHook(make_input(interpreter, line, True)))
    rest = [b""]
    line.tell(b"ready")
    while True:
        command = read_frame(commands, rest)
        if command is None:
            return
        kind, number, payload = command
        if kind == b"run":
            line.tell(b"done", run_always(interpreter, payload))
        elif kind == b"complete":
            line.tell(b"completed", number, completions(interpreter, payload))


def run_always(interpreter, payload):
    try:
        return interpreter.run(payload)
    except KeyboardInterrupt:  # a second interrupt while the first one was being shown
        _signal.signal(_signal.SIGINT, ignore)
        return 1


def completions(interpreter, payload):
    try:
        try:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
            found = interpreter.complete(payload.decode("utf-8", "replace"))
        finally:
            _signal.signal(_signal.SIGINT, ignore)
    except BaseException:
        found = []
    return "\n".join(found).encode("utf-8", "replace")


def main():
    _signal.signal(_signal.SIGINT, ignore)
    _signal.signal(_signal.SIGURG, ignore)  # nudges of the launcher
    commands, inputs, acks, events = [int(word) for word in sys.argv[1:5]]
    for fd in (commands, inputs, acks, events):
        os.set_inheritable(fd, False)
    sys.argv = [""]
    sys.path[0] = ""
    sys.dont_write_bytecode = not WRITES_BYTECODE
    del sys.modules["streams"]
    serve(Line(inputs, acks, events), commands)


if __name__ == "__main__":
    main()
