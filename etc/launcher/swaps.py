"""Steady load on a running home, versions of its plug-ins, and their swaps; nothing but the standard library."""

import glob
import hashlib
import http.client
import itertools
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import zipfile

from wire import Client, Refused

NOOP = "noop/noop:latest"
TRUST = "etc/plugin-trust/swap-{}.sha256"


class Caller:
    """One client with one connection that it keeps; used by one thread."""

    def __init__(self, client):
        self.client = client
        self.connection = http.client.HTTPConnection(client.host, timeout=90)

    def call(self, method, target, body=None, content_type=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        kind = content_type or ("text/plain" if body is None else "application/json")
        headers = self.client.headers(method, target, kind.split(";")[0])
        headers["Content-Type"] = kind
        self.connection.request(method, target, data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise Refused(f"{method} {target}: {answer.status} {text.decode(errors='replace')[:300]}")
        return text


class Load:
    """Executes in a session that counts, reads, and whole lives of sessions; nothing is tried twice, all is looked at."""

    def __init__(self, client, makers=4):
        self.client = client
        self.lock = threading.Lock()
        self.calls, self.faults = [], []
        self.numbers = itertools.count(1)
        self.mark = f"{time.time_ns() % 10**9:09d}"
        self.counter = f"count-{self.mark}"
        self.is_over = False
        caller = Caller(client)
        self.create(caller, self.counter, client.env.get("SLIPWAY_DEMO_IMAGE", "python"), "1", "256m")
        self.run(caller, "count = 0")
        self.count = 0
        jobs = [(0.01, self.execute), (0.01, self.read)] + [(0.02, self.live)] * makers
        self.threads = [threading.Thread(target=self.client_loop, args=job, daemon=True) for job in jobs]
        for thread in self.threads:
            thread.start()

    def create(self, caller, name, image, cpu, mem):
        body = {
            "name": name, "image": image, "enqueueOnly": False, "maxWaitSeconds": 60, "reuseIfExists": False,
            "config": {"resources": {"cpu": cpu, "mem": mem}},
        }  # fmt: skip
        answer = json.loads(caller.call("POST", "/session", body))
        if answer["status"] != "RUNNING":
            raise Refused(f"{name} is {answer['status']}")

    def client_loop(self, every, job):
        caller = Caller(self.client)
        due = time.perf_counter()
        while not self.is_over:
            try:
                job(caller)
            except (Refused, OSError, ValueError, http.client.HTTPException) as error:
                with self.lock:
                    self.faults.append(str(error) or repr(error))
                caller = Caller(self.client)
                time.sleep(0.1)
            due = max(due + every, time.perf_counter())
            time.sleep(max(0, due - time.perf_counter()))

    def timed(self, caller, *words):
        began = time.perf_counter()
        text = caller.call(*words)
        with self.lock:
            self.calls.append((began, (time.perf_counter() - began) * 1000))
        return text

    def run(self, caller, code):
        body = {"runId": None, "mode": "query", "code": code, "options": None}
        out = ""
        while True:
            result = json.loads(self.timed(caller, "POST", f"/session/{self.counter}", body))["result"]
            out += "".join(text for kind, text in result["console"] if kind == "stdout")
            if result["status"] == "finished":
                return out.strip()
            body = {"runId": result["runId"], "mode": "continue", "code": "", "options": None}

    def execute(self, caller):
        self.count += 1
        found = self.run(caller, "count += 1; print(count)")
        if found != str(self.count):
            expected, self.count = self.count, int(found)
            raise Refused(f"execute {expected} gave {found}")

    def read(self, caller):
        self.timed(caller, "GET", f"/session/{self.counter}")

    def live(self, caller):
        name = f"live-{self.mark}-{next(self.numbers)}"
        began = time.perf_counter()
        self.create(caller, name, NOOP, "1", "256m")
        with self.lock:
            self.calls.append((began, (time.perf_counter() - began) * 1000))
        self.timed(caller, "DELETE", f"/session/{name}?forced=true")

    def between(self, begin, end):
        """Returns calls, calls per second, median and p99 in milliseconds of a time of perf_counter."""
        with self.lock:
            found = sorted(took for at, took in self.calls if begin <= at < end)
        if not found:
            return {"calls": 0, "per second": 0.0, "p50": 0.0, "p99": 0.0}
        return {
            "calls": len(found),
            "per second": round(len(found) / (end - begin), 1),
            "p50": round(found[len(found) // 2], 2),
            "p99": round(found[len(found) * 99 // 100], 2),
        }

    def close(self):
        self.is_over = True
        for thread in self.threads:
            thread.join(60)
        Caller(self.client).call("DELETE", f"/session/{self.counter}?forced=true")


class Plugins:
    """Makes versions of the plug-ins of a home, lets the home trust them, and swaps them over HTTP."""

    def __init__(self, client, home):
        self.client, self.home = client, home
        self.folder = tempfile.TemporaryDirectory(prefix="slipway-swap")
        self.trust = os.path.join(home, TRUST.format(os.getpid()))
        self.made = []

    def shipped(self, plugin):
        return sorted(glob.glob(os.path.join(self.home, "plugins", plugin, "0.1.0*.jar")))[0]

    def version(self, plugin, version, replaced=None):
        """Writes the plug-in under another version, with other files in it, and puts its digest on the home's list."""
        made = os.path.join(self.folder.name, f"{plugin}-{version}.jar")
        self.made.append(os.path.join(self.home, "plugins", plugin, version + ".jar"))
        with zipfile.ZipFile(self.shipped(plugin)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                data = old.read(entry)
                if entry.filename == "META-INF/MANIFEST.MF":
                    data = re.sub(rb"(?m)^Bundle-Version: .*?(\r?)$", rb"Bundle-Version: %s\1" % version.encode(), data)
                if not entry.is_dir() and entry.filename not in (replaced or {}):
                    new.writestr(zipfile.ZipInfo(entry.filename), data)
            for name, data in (replaced or {}).items():
                new.writestr(zipfile.ZipInfo(name), data)
        with open(made, "rb") as file, open(self.trust, "a", encoding="utf-8") as trusted:
            trusted.write(f"{hashlib.sha256(file.read()).hexdigest()}  {os.path.basename(made)}\n")
        return made

    def install(self, plugin, jar):
        """Uploads a jar and returns the id of the task that swaps it in."""
        with open(jar, "rb") as file:
            head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{plugin}.jar"\r\n\r\n'
            body = head.encode() + file.read() + b"\r\n--x--\r\n"
        target = f"/plugins/_/upload?id={plugin}"
        answer = Caller(self.client).call("POST", target, body, "multipart/form-data; boundary=x")
        return json.loads(answer)["task_id"]

    def select(self, plugin, version):
        """Goes to a version that is on disk; returns the id of the task."""
        answer = Caller(self.client).call("POST", f"/plugins/{plugin}/swap", {"version": version})
        return json.loads(answer)["task_id"]

    def outcome(self, task):
        """Waits for the end of a task; returns whether the new version serves, and what the server says."""
        told = Caller(self.client).call("GET", f"/events/background-task?task_id={task}").decode()
        ends = re.findall(r"event: bgtask_(done|failed|cancelled)\s+data: (.*)", told)
        if not ends:
            raise Refused(f"the task {task} has not ended: {told[-300:]}")
        return ends[-1][0] == "done", json.loads(ends[-1][1]).get("message", "")

    def status(self, plugin):
        return json.loads(Caller(self.client).call("GET", f"/plugins/{plugin}"))["status"]

    def journal(self, since):
        """Returns the lines of the lifecycle's journal from a position in its file on."""
        with open(os.path.join(self.home, "plugins", "journal.jsonl"), encoding="utf-8") as lines:
            lines.seek(since)
            return [json.loads(line) for line in lines if line.strip()]

    def journal_end(self):
        return os.path.getsize(os.path.join(self.home, "plugins", "journal.jsonl"))

    def compiled(self, sources, java_home):
        """Compiles classes against the home's libraries; returns their content by name in a jar."""
        out = os.path.join(self.folder.name, "classes")
        jars = glob.glob(os.path.join(self.home, "system", "**", "*.jar"), recursive=True)
        path = os.pathsep.join([self.shipped("noop"), *jars])
        command = [os.path.join(java_home, "bin", "javac"), "-nowarn", "-proc:none", "-d", out, "-cp", path, *sources]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused(f"javac failed: {done.stdout}{done.stderr}")
        found = glob.glob(os.path.join(out, "**", "*.class"), recursive=True)
        contents = {}
        for name in found:
            with open(name, "rb") as file:
                contents[os.path.relpath(name, out)] = file.read()
        return contents

    def close(self):
        """Takes all made versions away again; none of them may be in use."""
        self.folder.cleanup()
        for file in [self.trust, *self.made]:
            if os.path.exists(file):
                os.remove(file)


def open_home(home):
    """Returns the client of a home's superadmin."""
    return Client(os.path.join(home, "client.env"))
