"""The page server as a process: light, on loopback, gone when told."""

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from deployments.stack.ports import choose_port
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

LOADED = """
import json, sys
from deployments.pages import collect
from deployments.pages.app import make_app
make_app("127.0.0.1")
collect.projects()
collect.nights(sys.argv[1])
collect.night(sys.argv[1], __import__("datetime").date.fromisoformat(sys.argv[2]))
collect.card(sys.argv[1], sys.argv[3])
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"evidently", "pandas", "pandera", "plotly", "prefect", "sklearn", "xgboost"}


def test_pages_are_made_without_heavy_libraries(served: World) -> None:
    command = [sys.executable, "-c", LOADED, NAME, str(day(SERVED)), served.champion or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert HEAVY & set(json.loads(done.stdout)) == set()
    assert served.champion


def test_it_serves_until_told_to_stop(served: World, tmp_path: Path) -> None:
    port = choose_port(tmp_path, "127.0.0.1", None, (), print)
    command = [sys.executable, "-m", "deployments.pages", "--host", "127.0.0.1", "--port"]
    with subprocess.Popen([*command, str(port)], env={**os.environ, "DRIFTLOOP_STACK": "x"}) as one:
        try:
            assert _first_answer(port, "/_up") == b'{"stack":"x"}'
            assert served.recorded(SERVED).decision.sentence.encode() in _ask(port, f"/{NAME}")
        finally:
            one.send_signal(signal.SIGTERM)
        assert one.wait(timeout=10) == -signal.SIGTERM  # after an orderly end


def test_an_unusable_store_is_refused_before_anything_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from deployments.pages.serve import serve
    from schemas.errors import InvalidName

    monkeypatch.setenv("DRIFTLOOP_STORE", "ftp://x")
    with pytest.raises(InvalidName, match="write s3://bucket/prefix or file:"):
        serve("127.0.0.1", 1)


def _first_answer(port: int, path: str) -> bytes:
    deadline = time.monotonic() + 20
    while True:
        try:
            return _ask(port, path)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _ask(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()
