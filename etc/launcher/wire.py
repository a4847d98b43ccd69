"""Signs and sends requests of the wire protocol; nothing but the standard library."""

import datetime
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request

VERSION = "v8.20240915"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Refused(Exception):
    """The server answered with an error; the text is what it said."""


class Client:
    """One keypair at one server."""

    def __init__(self, env_file):
        self.env = read_env(env_file)
        self.endpoint = self.env["BACKEND_ENDPOINT"].rstrip("/")
        self.host = urllib.parse.urlsplit(self.endpoint).netloc

    def call(self, method, target, body=None):
        """Sends one signed request and returns the decoded answer, or None if it is empty."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + target, data=data, method=method)
        for name, value in self.headers(method, target, "text/plain" if body is None else "application/json").items():
            request.add_header(name, value)
        # no proxy: the server is on this machine
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=90) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {target}: {error.code} {error.read().decode(errors='replace')[:500]}") from None
        except OSError as error:
            raise Refused(f"{method} {target}: {error}") from None
        return json.loads(text) if text else None

    def headers(self, method, target, content_type):
        now = datetime.datetime.now(datetime.timezone.utc)
        date = now.isoformat()
        to_sign = "\n".join(
            [
                method,
                target,
                date,
                f"host:{self.host}",
                f"content-type:{content_type}",
                f"x-backendai-version:{VERSION}",
                EMPTY_SHA256,
            ]
        )
        day = digest(self.env["BACKEND_SECRET_KEY"].encode(), now.strftime("%Y%m%d"))
        signature = digest(digest(day, self.host), to_sign).hex()
        return {
            "Date": date,
            "Content-Type": content_type,
            "X-BackendAI-Version": VERSION,
            "Authorization": "BackendAI signMethod=HMAC-SHA256, "
            f"credential={self.env['BACKEND_ACCESS_KEY']}:{signature}",
        }


def digest(key, message):
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def read_env(path):
    """Returns the NAME=VALUE lines of a file of shell variables."""
    values = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip()
            if line and not line.startswith("#") and "=" in line:
                name, value = line.removeprefix("export ").split("=", 1)
                values[name] = value.strip("'\"")
    return values
