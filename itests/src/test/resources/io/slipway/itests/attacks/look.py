import os, signal, socket


def attempt(name, call, *arguments):
    """Says how it went: what does not raise has succeeded."""
    try:
        print(name, "SUCCEEDED:", call(*arguments))
    except OSError as error:
        print(name, "refused:", error.strerror or error)


def read(path):
    return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)


def write(path):
    return open(path, "ab").write(b"x")


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(3)
        return line.connect(address)


for name, path in facts["files"].items():
    attempt("read " + name, read, path)
    attempt("write " + name, write, path)
    attempt("list the folder of " + name, read, os.path.dirname(path))
    attempt("read by init's root " + name, read, "/proc/1/root" + path)
for path in ("/var/run/docker.sock", "/run/docker.sock", facts["socket"]):
    attempt("connect " + path, connect, socket.AF_UNIX, path)
attempt("connect to the server's port", connect, socket.AF_INET, ("127.0.0.1", facts["port"]))
attempt("connect to the internet", connect, socket.AF_INET, ("192.0.2.1", 80))
for number in (0, signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
    attempt(f"signal {number} to the server", os.kill, facts["pid"], number)
attempt("memory of the server", read, f"/proc/{facts['pid']}/mem")
attempt("write to the node's /usr", write, "/usr/bin/python3")
