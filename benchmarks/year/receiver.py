"""Where a hard year's alerts arrive; on some nights it refuses them all."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What it took, and how often it refused."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    is_deaf: bool = False

    def start(self) -> str:
        """Listen until this process ends; the address for DRIFTLOOP_ALERT_URLS."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if receiver.is_deaf:
                    receiver.refused += 1
                else:
                    receiver.taken.append((str(body.get("title")), str(body.get("message"))))
                self.send_response(503 if receiver.is_deaf else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"json://127.0.0.1:{server.server_port}/"
