"""Runs inside a kernel and tries what it must not be able to do. One line per attack: NAME refused|SUCCEEDED why."""
import ctypes
import os
import signal
import socket
import subprocess
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
FACTS = dict(line.rstrip("\n").split("=", 1) for line in open("/home/work/facts"))


def refused_by_error(call, *arguments):
    ctypes.set_errno(0)
    if call(*arguments) >= 0:
        return None
    return os.strerror(ctypes.get_errno())


def reads(path):
    """Reading a file or listing a folder."""
    try:
        if os.path.isdir(path):
            return None if os.listdir(path) else "empty"
        with open(path, "rb") as file:
            file.read(1)
        return None
    except OSError as error:
        return error.strerror


def writes(path):
    try:
        with open(path, "ab") as file:
            file.write(b"x")
        return None
    except OSError as error:
        return error.strerror


def connects(family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            line.connect(address)
        return None
    except OSError as error:
        return str(error)


def opens_family(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
        return None
    except OSError as error:
        return error.strerror


def signals(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
        return None
    except OSError as error:
        return error.strerror


def runs(*command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except OSError as error:
        return error.strerror
    return None if done.returncode == 0 else (done.stderr.decode(errors="replace").strip() or "failed")


def becomes_root():
    """Any set-user-id program of the node, asked for root's number."""
    found = []
    for folder in ("/usr/bin", "/usr/sbin", "/bin"):
        for name in os.listdir(folder):
            status = os.stat(os.path.join(folder, name), follow_symlinks=False)
            if status.st_mode & 0o4000:
                found.append(os.path.join(folder, name))
    for program in found:
        if os.path.basename(program) == "su" and runs(program, "-c", "true") is None:
            return None
    return refused_by_error(LIBC.setuid, 0)


def capabilities():
    fields = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        if int(fields[name], 16) != 0:
            return None
    return "none" if fields["NoNewPrivs"].strip() == "1" and fields["Seccomp"].strip() == "2" else None


def extra_descriptors():
    """Descriptors that were left open for us by mistake."""
    extra = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink("/proc/self/fd/" + name)
        except OSError:
            continue
        if int(name) > 2 and not target.startswith("/proc/"):
            extra.append(target)
    return None if extra else "none"


def sees_other_processes():
    foreign = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in (1, 2, os.getpid(), os.getppid()):
            foreign.append(name)
    return None if foreign else "none"


def follows_link():
    os.symlink(FACTS["home"] + "/client.env", "/home/work/link")
    return reads("/home/work/link")


def in_sys():
    return reads("/sys") if os.path.exists("/sys") else "not there"


ATTACKS = {
    "client.env": lambda: reads(FACTS["home"] + "/client.env"),
    "database": lambda: reads(FACTS["home"] + "/data/database/slipway.mv.db"),
    "change-database": lambda: writes(FACTS["home"] + "/data/database/slipway.mv.db"),
    "key-of-the-shell": lambda: reads(FACTS["home"] + "/etc/shell.key"),
    "ssh-key-of-the-servers-user": lambda: reads(FACTS["ssh"]),
    "readable-file-of-the-home": lambda: reads(FACTS["home"] + "/open"),
    "home-of-the-installation": lambda: reads(FACTS["home"]),
    "own-state": lambda: reads(FACTS["state"]),
    "home-of-another-session": lambda: reads(FACTS["other"] + "/secret"),
    "folder-of-another-session": lambda: reads(FACTS["other"]),
    "write-to-another-session": lambda: writes(FACTS["other"] + "/planted"),
    "climb-to-another-session": lambda: reads("/home/work/../" + os.path.basename(FACTS["other"])),
    "follow-a-link-out": follows_link,
    "root-ssh": lambda: reads("/root/.ssh"),
    "root": lambda: reads("/root"),
    "home": lambda: None if os.listdir("/home") != ["work"] else "only ours",
    "var-lib": lambda: reads("/var/lib"),
    "run": lambda: reads("/run"),
    "sys": in_sys,
    "shadow": lambda: reads("/etc/shadow"),
    "host-root-of-init": lambda: reads("/proc/1/root" + FACTS["home"]),
    "docker-socket": lambda: connects(socket.AF_UNIX, "/var/run/docker.sock"),
    "docker-socket-in-run": lambda: connects(socket.AF_UNIX, "/run/docker.sock"),
    "engine-socket": lambda: connects(socket.AF_UNIX, FACTS["engine"]),
    "socket-in-shared-memory": lambda: connects(socket.AF_UNIX, FACTS["shm"]),
    "socket-by-the-root-of-init": lambda: connects(socket.AF_UNIX, "/proc/1/root" + FACTS["socket"]),
    "socket-of-the-node": lambda: connects(socket.AF_UNIX, FACTS["socket"]),
    "abstract-socket-of-the-node": lambda: connects(socket.AF_UNIX, "\0" + FACTS["abstract"]),
    "port-of-the-node": lambda: connects(socket.AF_INET, ("127.0.0.1", int(FACTS["port"]))),
    "network": lambda: connects(socket.AF_INET, ("192.0.2.1", 80)),
    "hypervisor-socket": lambda: opens_family(40),
    "kernel-crypto-socket": lambda: opens_family(38),
    "kill-server": lambda: signals(int(FACTS["server"])),
    "stop-server": lambda: signals(int(FACTS["server"]), signal.SIGSTOP),
    "ask-server": lambda: signals(int(FACTS["server"]), 0),
    "trace-server": lambda: refused_by_error(LIBC.ptrace, 16, int(FACTS["server"]), 0, 0),
    "memory-of-server": lambda: reads("/proc/" + FACTS["server"] + "/mem"),
    "kill-supervisor": lambda: signals(int(FACTS["supervisor"])),
    "other-processes": sees_other_processes,
    "remount": lambda: refused_by_error(LIBC.mount, b"none", b"/usr", None, 32, None),
    "mount": lambda: refused_by_error(LIBC.mount, b"none", b"/tmp", b"tmpfs", 0, None),
    "unmount": lambda: refused_by_error(LIBC.umount2, b"/usr", 2),
    "new-user-namespace": lambda: refused_by_error(LIBC.unshare, 0x10000000),
    "new-mount-namespace": lambda: refused_by_error(LIBC.unshare, 0x00020000),
    "clone-user-namespace": lambda: runs("unshare", "-Ur", "true"),
    "enter-init-namespace": lambda: runs("nsenter", "-t", "1", "-m", "true"),
    "chroot": lambda: refused_by_error(LIBC.chroot, b"/tmp"),
    "device-node": lambda: refused_by_error(LIBC.mknod, b"/tmp/disk", 0o60600, os.makedev(8, 0)),
    "io-uring": lambda: refused_by_error(LIBC.syscall, 425, 8, 0),
    "bpf": lambda: refused_by_error(LIBC.syscall, 321, 0, 0, 0),
    "keyring": lambda: refused_by_error(LIBC.syscall, 250, 0, -3, 1),
    "write-usr": lambda: writes("/usr/bin/slipway-was-here"),
    "write-python": lambda: writes("/usr/bin/python3"),
    "write-etc": lambda: writes("/etc/passwd"),
    "write-top": lambda: writes("/slipway-was-here"),
    "write-dev": lambda: writes("/dev/slipway-was-here"),
    "write-sysctl": lambda: writes("/proc/sys/kernel/hostname"),
    "sysrq": lambda: writes("/proc/sysrq-trigger"),
    "become-root": becomes_root,
    "capabilities": capabilities,
    "extra-descriptors": extra_descriptors,
}

if __name__ == "__main__":
    for attack, attempt in ATTACKS.items():
        try:
            reason = attempt()
        except OSError as error:
            reason = str(error)
        print(attack, "SUCCEEDED" if reason is None else "refused", reason or "", sep="\t")
    sys.stdout.flush()
