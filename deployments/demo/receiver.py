"""Where the demo's alerts arrive: a receiver on loopback that keeps what it was sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Received:
    """One alert as it arrived."""

    title: str
    text: str


class Receiver:
    """The address to name in DRIFTLOOP_ALERT_URLS, and what came there since it was last asked."""

    def __init__(self, port: int) -> None:
        self.url = f"json://127.0.0.1:{port}/"
        self._inbox: list[Received] = []

    def take(self) -> list[Received]:
        """The alerts that arrived since, in order."""
        taken, self._inbox = self._inbox, []
        return taken

    def put(self, received: Received) -> None:
        """Keep an alert."""
        self._inbox.append(received)


@contextmanager
def receive() -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.put(Received(str(body.get("title")), str(body.get("message"))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is theirs
            """Silent: the terminal is the demo's."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
