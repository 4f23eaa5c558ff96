"""How a server is reached: addressing, TLS with its own authority, HTTP proxies; and listings."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from schemas.errors import StoreUnavailable
from tasks.store.s3 import S3Store
from tests.building.fault_proxy import FaultProxy
from tests.building.s3_server import S3Server
from tests.tasks.store.s3.conftest import Opener

KEY = "ledger/flights/000000000001.json"


@pytest.fixture
def every_bucket_is_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a name server does for a server with virtual addressing."""
    resolve = socket.getaddrinfo

    def at_home(host: Any, *others: Any, **options: Any) -> Any:
        local = isinstance(host, str) and host.endswith(".localhost")
        return resolve("127.0.0.1" if local else host, *others, **options)

    monkeypatch.setattr("socket.getaddrinfo", at_home)


def test_by_default_the_bucket_stands_in_the_path(
    opened: Opener, proxy: FaultProxy, bucket: str
) -> None:
    opened().create(KEY, b"entry")
    assert {seen.target for seen in proxy.seen} == {f"/{bucket}/some/prefix/{KEY}"}
    assert {seen.host for seen in proxy.seen} == {f"127.0.0.1:{proxy.port}"}


@pytest.mark.slow  # moto takes the whole host for a bucket's name
@pytest.mark.parametrize("server", ["ceph"], indirect=True)
@pytest.mark.usefixtures("every_bucket_is_a_host")
def test_virtual_addressing_makes_the_bucket_a_host(
    proxy: FaultProxy, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://localhost:{proxy.port}")
    store = S3Store(bucket, "some/prefix", "virtual")
    store.create(KEY, b"entry")
    assert store.read(KEY) == b"entry"
    assert {seen.target for seen in proxy.seen} == {f"/some/prefix/{KEY}"}
    assert {seen.host for seen in proxy.seen} == {f"{bucket}.localhost:{proxy.port}"}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of an authority that nobody knows but us, for 127.0.0.1; its key beside it."""
    path = tmp_path / "ca.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2", "-nodes"]
    files = ["-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    command = ["openssl", "req", "-x509", *kind, *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def behind_tls(
    server: S3Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultProxy]:
    """The server by https alone."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with FaultProxy(server.port, tls=tls).running() as proxy:
        for name, value in {**server.environment, "AWS_ENDPOINT_URL": proxy.endpoint}.items():
            monkeypatch.setenv(name, value)
        yield proxy


@pytest.mark.usefixtures("behind_tls")
def test_an_unknown_authority_is_refused_and_accepted_by_its_bundle(
    bucket: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreUnavailable, match="AWS_CA_BUNDLE"):
        S3Store(bucket).create(KEY, b"entry")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    assert S3Store(bucket).create(KEY, b"entry")
    assert S3Store(bucket).read(KEY) == b"entry"


@pytest.mark.usefixtures("behind_tls")
def test_a_bundle_that_is_not_there_says_so(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(StoreUnavailable, match=r"No such file.*AWS_CA_BUNDLE"):
        S3Store(bucket, deadline_seconds=0.1).create(KEY, b"entry")


@pytest.mark.parametrize("server", ["moto_server"], indirect=True)
def test_http_proxies_of_the_environment_are_used(
    server: S3Server, proxy: FaultProxy, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    monkeypatch.setenv("HTTP_PROXY", proxy.endpoint)
    assert S3Store(bucket).create(KEY, b"entry")
    assert [seen.target for seen in proxy.seen] == [f"{server.endpoint}/{bucket}/{KEY}"]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert S3Store(bucket).read(KEY) == b"entry"
    assert len(proxy.seen) == 1


def test_more_keys_than_one_page_holds_are_all_listed(
    opened: Opener, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened()
    keys = [f"data/flights/{number:04d}" for number in range(30)]
    for key in keys:
        backend.create(key, b"")
    backend.create("data/flights-2/0000", b"")
    ask = backend._client.list_objects_v2
    monkeypatch.setattr(
        backend._client, "list_objects_v2", lambda **options: ask(**options, MaxKeys=7)
    )
    proxy.plan()
    assert backend.keys("data/flights/") == keys
    assert len(proxy.seen) == 5


@pytest.mark.slow
def test_over_a_thousand_keys_are_all_listed(opened: Opener, proxy: FaultProxy) -> None:
    backend = opened()
    keys = [f"data/flights/{number:04d}" for number in range(1_005)]
    for key in keys:
        backend.create(key, b"")
    proxy.plan()
    assert backend.keys("data/flights/") == keys
    assert len(proxy.seen) == 2


def test_a_bucket_may_be_the_store_without_a_prefix(opened: Opener, proxy: FaultProxy) -> None:
    backend = opened(prefix="")
    backend.create(KEY, b"entry")
    assert [seen.target.count("//") for seen in proxy.seen] == [0]
    assert backend.keys("ledger/") == [KEY]
    assert backend.read(KEY) == b"entry"
    assert backend.describe().startswith("s3://tests-")
    assert opened().keys("ledger/") == []


class _Pages(BaseHTTPRequestHandler):
    """A web server that is no S3."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.end_headers()
        self.wfile.write(b"<html>hello</html")

    do_PUT = do_HEAD = do_GET  # noqa: N815  # http.server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_web_server_that_is_no_s3_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "any")
        store = S3Store("bucket", deadline_seconds=1)
        with pytest.raises(StoreUnavailable, match="does not speak S3; correct AWS_ENDPOINT_URL"):
            store.keys("ledger/")
        server.shutdown()


def test_https_to_a_server_of_plain_http_is_called_that(
    opened: Opener, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{proxy.port}")
    with pytest.raises(StoreUnavailable, match="speaks plain http; write http://"):
        opened().keys("ledger/")
