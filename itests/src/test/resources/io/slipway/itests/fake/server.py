"""Answers on the port of the home, as the server does when it is ready."""

import http.server
import os
import pathlib
import re
import time

settings = pathlib.Path("etc/io.slipway.manager.gateway.cfg").read_text()
port = int(re.search(r"port *= *(\d+)", settings)[1])
host = (re.search(r"host *= *(\S+)", settings) or ["", "127.0.0.1"])[1]


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer((host, port), Ready)
if os.environ.get("FAKE") == "mute":
    time.sleep(3600)
pathlib.Path("client.env").write_text(f"BACKEND_ENDPOINT=http://{host}:{port}\n")
server.serve_forever()
