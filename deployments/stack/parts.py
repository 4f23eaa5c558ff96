"""The three parts of a stack: what each runs, and when it answers."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any

from deployments.stack.addresses import Stack
from deployments.stack.environment import mark_of

POOL = "driftloop"

_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Part:
    """One process. `answers` says whether it did so after the instant given, in seconds."""

    name: str
    title: str
    command: Callable[[Stack], list[str]]
    answers: Callable[[Stack, float], bool]


def _server_command(stack: Stack) -> list[str]:
    words = ["prefect", "server", "start", "--host", stack.host, "--port", str(stack.api_port)]
    return [sys.executable, "-m", *words]


def _server_answers(stack: Stack, _since: float) -> bool:
    return _ask(stack.host, stack.api_port, "GET", "/api/health") is True


def _worker_command(_stack: Stack) -> list[str]:
    words = ["prefect", "worker", "start", "--pool", POOL, "--type", "process", "--name", POOL]
    return [sys.executable, "-m", *words]


def _worker_answers(stack: Stack, since: float) -> bool:
    path = f"/api/work_pools/{POOL}/workers/filter"
    found = _ask(stack.host, stack.api_port, "POST", path)
    return isinstance(found, list) and any(
        worker["name"] == POOL
        and worker["status"] == "ONLINE"
        and datetime.fromisoformat(worker["last_heartbeat_time"]).timestamp() >= since
        for worker in found
    )


def _pages_command(stack: Stack) -> list[str]:
    words = ["deployments.pages", "--host", stack.host, "--port", str(stack.pages_port)]
    return [sys.executable, "-m", *words]


def _pages_answer(stack: Stack, _since: float) -> bool:
    # the mark: another stack's page server on a port that was ours is not this one
    answer = _ask(stack.host, stack.pages_port, "GET", "/_up")
    return isinstance(answer, dict) and answer.get("stack") == mark_of(stack.folder)


def _ask(host: str, port: int, method: str, path: str) -> Any:
    """The answer's JSON, or None while there is none. No proxy is asked."""
    connection = HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, "{}" if method == "POST" else None, headers)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()


SERVER = Part("server", "Prefect server", _server_command, _server_answers)
PAGES = Part("pages", "page server", _pages_command, _pages_answer)
WORKER = Part("worker", "worker", _worker_command, _worker_answers)
PARTS = (SERVER, PAGES, WORKER)
