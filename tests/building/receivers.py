"""Real receivers on loopback: an SMTP server and a web server, started once a session.

Both keep what they got in memory; a web server can also refuse, answer badly or never answer.
"""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

SECRET, TOKEN = "hunter2-do-not-print", "token-do-not-print"
"""Planted in every address; neither may be seen anywhere but at the receiver."""


@dataclass
class Mailbox:
    """An SMTP server that takes every mail."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address as apprise writes it."""
        to = f"?from=night@example.org&to=team@example.org&+X-Token={TOKEN}"
        return f"mailto://127.0.0.1:{self.port}/{to}&mode=insecure"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep one mail."""
        content = envelope.original_content or b""
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"


@dataclass
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Web:
    """A web server: `answer` is its status code, 0 for never answering."""

    port: int = 0
    answer: int = 200
    posts: list[Post] = field(default_factory=list)
    tries: int = 0
    gets: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address as apprise writes it."""
        return f"json://user:{SECRET}@127.0.0.1:{self.port}/{TOKEN}"

    @property
    def page(self) -> str:
        """Its address as a heartbeat's."""
        return f"http://127.0.0.1:{self.port}/{TOKEN}"

    @property
    def titles(self) -> list[str]:
        """Of the messages that it took, in order."""
        return [post.body["title"] for post in self.posts]

    def clear(self) -> None:
        """Forget everything and answer well."""
        self.answer, self.tries = 200, 0
        self.posts.clear()
        self.gets.clear()
        self.released.clear()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(web.posts, Post(self.path, headers, body))

        def do_GET(self) -> None:
            self._answer(web.gets, self.path)

        def _answer(self, kept: list[Any], request: object) -> None:
            web.tries += 1
            if web.answer == 0:
                web.released.wait(30)
                return
            if web.answer < 300:
                kept.append(request)  # before the answer, after which a test looks
            self.send_response(web.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture(scope="session")
def web_server() -> Iterator[Web]:
    """The one web server of a session."""
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(web))
    server.daemon_threads = True
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield web
    web.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    """The one SMTP server of a session."""
    box = Mailbox()
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the server's own, of what it is sent
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def start() -> asyncio.Server:
        server = await loop.create_server(lambda: SMTP(box), "127.0.0.1", 0)
        box.port = server.sockets[0].getsockname()[1]
        started.set()
        return server

    def serve() -> None:
        server = loop.run_until_complete(start())
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    assert started.wait(10)
    yield box
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture
def web(web_server: Web) -> Iterator[Web]:
    """The web server, empty and well; whatever still hangs in it is let go at the end."""
    web_server.clear()
    yield web_server
    web_server.released.set()


@pytest.fixture
def mailbox(mail_server: Mailbox) -> Mailbox:
    """The SMTP server, empty."""
    mail_server.mails.clear()
    return mail_server


@pytest.fixture
def to_web(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Alerts go to the web server alone."""
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", web.url)
    return web


def refusing_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
