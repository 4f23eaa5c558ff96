"""A small process in the place of a part: `stand_in.py server|worker|pages [PORT]`.

It answers what the stack asks of that part, within a tenth of a second after its start.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BEAT = Path("worker.beat")


class Answers(BaseHTTPRequestHandler):
    """What a Prefect server and a page server say, as far as the stack asks."""

    def do_GET(self) -> None:
        """Health of the one, mark of the other."""
        known = {"/api/health": True, "/_up": {"stack": os.environ["DRIFTLOOP_STACK"]}}
        self._say(known[self.path])

    def do_POST(self) -> None:
        """The worker's last sign of life; no flow run was ever started."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say(_workers() if self.path.endswith("/workers/filter") else [])

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def _say(self, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _workers() -> list[dict[str, str]]:
    if not BEAT.exists():
        return []
    then = datetime.fromtimestamp(BEAT.stat().st_mtime, UTC)
    return [{"name": "driftloop", "status": "ONLINE", "last_heartbeat_time": then.isoformat()}]


def main() -> None:
    """Be the part until told to stop."""
    if sys.argv[1] == "worker":
        while True:
            BEAT.touch()
            time.sleep(0.02)
    if "STAND_IN_FAILS" in os.environ:
        sys.exit("cannot reach the database\nbecause the test says so")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Answers).serve_forever()


if __name__ == "__main__":
    main()
