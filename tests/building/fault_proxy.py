"""A loopback proxy before an S3 server that loses, cuts, changes and delays what passes through.

Which faults strike what is a plan of `Fault`s, or drawn from a seed; `seen` is all that was asked.
"""

import http.client
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.building.faults import Fault, Kind, Seen

ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>planned</Message></Error>"
PATIENCE_SECONDS = 60
SLICES = 5


@dataclass
class FaultProxy:
    """Stands before a server; clients that sign the Host are forwarded with theirs."""

    server_port: int
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    _draw: Callable[[str, str], Fault | None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _port: int = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def endpoint(self) -> str:
        """What AWS_ENDPOINT_URL wants."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._port}"

    def plan(self, *faults: Fault) -> None:
        """From now on these faults, and nothing seen so far."""
        with self._lock:
            self.faults, self.seen, self._draw = list(faults), [], None

    def torture(self, seed: int | str, share: float, *kinds: Kind) -> None:
        """From now on a share of all requests is struck by one of these kinds, by a seeded draw.

        A listing is cut where another answer would be changed: S3 gives it no checksum, so that
        only TLS can tell.
        """
        draw = random.Random(seed)

        def strike(_: str, target: str) -> Fault | None:
            if draw.random() >= share:
                return None
            kind = draw.choice(kinds)
            if kind == "corrupt_response" and "list-type" in target:
                kind = "truncate_response"
            return Fault(kind, seconds=0.05)

        self.plan()
        self._draw = strike

    def choose(self, method: str, target: str, host: str, *, is_conditional: bool) -> Fault | None:
        """The fault that strikes this request, noted together with it."""
        with self._lock:
            fault = self._draw(method, target) if self._draw else None
            for planned in self.faults:
                if fault is None and planned.strikes(method, target, is_conditional=is_conditional):
                    fault = planned
            self.seen.append(Seen(method, target, host, fault.kind if fault else None))
        return fault

    @contextmanager
    def running(self) -> Iterator["FaultProxy"]:
        """Listen as long as the block lasts."""
        handler = type("Bound", (_Handler,), {"proxy": self})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            if self.tls:
                server.socket = self.tls.wrap_socket(
                    server.socket, server_side=True, do_handshake_on_connect=False
                )
            self._port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self._stopped.set()
                server.shutdown()
                thread.join()

    def hang(self) -> None:
        """Say nothing until the test is over, or patience."""
        self._stopped.wait(PATIENCE_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    """One client connection, with a connection of its own to the server."""

    proxy: FaultProxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    _upstream: http.client.HTTPConnection | None = None

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, http.client.HTTPException):  # the client went away, or the server did
            self.close_connection = True
        finally:
            if self._upstream:
                self._upstream.close()

    def log_message(self, *_: object) -> None:
        """Say nothing: `seen` has it all."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.proxy.choose(
            self.command,
            self.path,
            self.headers.get("Host", ""),
            is_conditional="If-None-Match" in self.headers,
        )
        match fault.kind if fault else None:
            case "hang":
                self.proxy.hang()
                self._drop()
            case "drop_before":
                self._drop()
            case "status" if fault:
                self._refuse(fault)
            case "truncate_upload":
                self._forward(body[: len(body) // 2], len(body))
            case "corrupt_upload":
                self._answer(*self._ask(_flipped(body)), fault)
            case _:
                self._answer(*self._ask(body), fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815  # http.server's names

    def _ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        server = self._server()
        self._send(server, body, len(body))
        answer = server.getresponse()
        return answer, answer.read()

    def _forward(self, half: bytes, whole_length: int) -> None:
        """Half an upload, as when a cable is pulled; neither side hears of the other again."""
        server = self._server()
        self._send(server, half, whole_length)
        server.close()
        self._drop()

    def _server(self) -> http.client.HTTPConnection:
        if self._upstream is None:
            self._upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.server_port)
        return self._upstream

    def _send(self, server: http.client.HTTPConnection, body: bytes, length: int) -> None:
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("expect", "connection", "content-length"):
                server.putheader(name, value)
        if length or self.command in ("PUT", "POST"):
            server.putheader("Content-Length", str(length))
        server.endheaders(body)

    def _answer(self, answer: http.client.HTTPResponse, body: bytes, fault: Fault | None) -> None:
        if fault and fault.kind == "drop_after":
            self._drop()
            return
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(body)
        skipped = ("content-length", "transfer-encoding", "connection", "keep-alive")
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}", f"Content-Length: {length or 0}"]
        lines += [f"{n}: {v}" for n, v in answer.getheaders() if n.lower() not in skipped]
        self._pass_on("\r\n".join([*lines, "", ""]).encode("latin-1"), body, fault)

    def _pass_on(self, head: bytes, body: bytes, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        if kind == "corrupt_response":
            body = _flipped(body)
        if kind == "truncate_response":
            self.wfile.write(head + body[: len(body) // 2])
            self._drop()
        elif fault and kind == "slow":
            step = len(body) // SLICES + 1
            self.wfile.write(head)
            for start in range(0, len(body), step):
                time.sleep(fault.seconds / SLICES)
                self.wfile.write(body[start : start + step])
        else:
            self.wfile.write(head + body)

    def _refuse(self, fault: Fault) -> None:
        body = b"" if self.command == "HEAD" else ERROR.format(code=fault.code).encode()
        head = f"HTTP/1.1 {fault.status} Planned\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _flipped(body: bytes) -> bytes:
    """The body with one bit of its middle byte changed."""
    if not body:
        return body
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
