"""The three parts of a stack: what each runs, and when it answers."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deployments.stack.addresses import Stack
from deployments.stack.asking import ask
from deployments.stack.environment import mark_of

POOL = "driftloop"


@dataclass(frozen=True)
class Part:
    """One process. `answers` says whether it gave a sign after this instant, in seconds."""

    name: str
    title: str
    command: Callable[[Stack], list[str]]
    answers: Callable[[Stack, float], bool]


def _server_command(stack: Stack) -> list[str]:
    words = ["prefect", "server", "start", "--host", stack.host, "--port", str(stack.api_port)]
    return [sys.executable, "-m", *words]


def _server_answers(stack: Stack, _since: float) -> bool:
    return ask(stack.host, stack.api_port, "/api/health") is True


def _worker_command(_stack: Stack) -> list[str]:
    words = ["prefect", "worker", "start", "--pool", POOL, "--type", "process", "--name", POOL]
    return [sys.executable, "-m", *words]


def _worker_answers(stack: Stack, since: float) -> bool:
    found = ask(stack.host, stack.api_port, f"/api/work_pools/{POOL}/workers/filter", {})
    return any(
        worker["name"] == POOL
        and worker["status"] == "ONLINE"
        and datetime.fromisoformat(worker["last_heartbeat_time"]).timestamp() >= since
        for worker in found or []
    )


def _pages_command(stack: Stack) -> list[str]:
    words = ["deployments.pages", "--host", stack.host, "--port", str(stack.pages_port)]
    return [sys.executable, "-m", *words]


def _pages_answer(stack: Stack, _since: float) -> bool:
    # the mark: another folder's page server on this port is not ours
    answer = ask(stack.host, stack.pages_port, "/_up")
    return isinstance(answer, dict) and answer.get("stack") == mark_of(stack.folder)


SERVER = Part("server", "Prefect server", _server_command, _server_answers)
PAGES = Part("pages", "page server", _pages_command, _pages_answer)
WORKER = Part("worker", "worker", _worker_command, _worker_answers)
PARTS = (SERVER, PAGES, WORKER)
