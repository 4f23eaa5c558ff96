"""A Prefect server of a team's own, with a login, and a worker that has only the wheel."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import numpy as np
import pandas as pd
import pytest

from deployments.stack import processes
from deployments.stack.ports import choose_port
from tasks.store import Store, open_store
from tests.architecture.tree import ROOT
from tests.building.receivers import Web, web_server

__all__ = ["web_server"]

LOGIN = "team:only-they-know"
POOL = "team"
NAME = "sales"
PATIENCE_SECONDS = 90
T = TypeVar("T")


class Patient(httpx.HTTPTransport):
    """Asks again, as Prefect's own client does, where SQLite was held by another write (503)."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(20):
            answer = super().handle_request(request)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            answer.close()
            time.sleep(0.2)
        return answer


@dataclass(frozen=True)
class Team:
    """What a team has: a folder of projects and files, a server's address, the wheel unpacked."""

    folder: Path
    env: dict[str, str]

    def type(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a `driftloop` command of the wheel, from outside the checkout."""
        main = "from deployments.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", main, *words],
            env={**self.env, **env},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a `prefect` command in the background."""
        with (self.folder / f"{words[0]}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "prefect", *words],
                env=self.env,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def store(self) -> Store:
        """The store that its flows write."""
        return open_store(self.env["DRIFTLOOP_STORE"], self.folder / "cache-of-test")

    @property
    def projects(self) -> Path:
        """Project files, and what they read and write."""
        return self.folder / "projects"

    @property
    def client(self) -> httpx.Client:
        """A client of the server, logged in."""
        url, login = self.env["PREFECT_API_URL"], tuple(LOGIN.split(":"))
        auth = (login[0], login[1])
        return httpx.Client(base_url=url, auth=auth, transport=Patient(), trust_env=False)

    def deliver(self, as_of: date) -> None:
        """Rows and labels of one night, the dear ones returned more often."""
        rng = np.random.default_rng(as_of.toordinal())
        sales = [f"{as_of}-{number}" for number in range(40)]
        price = rng.uniform(1, 100, 40).round(2)
        rows = {"sale": sales, "sold_at": f"{as_of}T12:00:00Z", "price": price}
        labels = {"sale": sales, "returned": (rng.uniform(0, 100, 40) < price).astype(int)}
        for kind, frame in (("rows", rows), ("labels", labels)):
            (self.projects / kind).mkdir(exist_ok=True)
            pd.DataFrame(frame).to_csv(self.projects / kind / f"{as_of}.csv", index=False)


def wait_for(find: Callable[[], T]) -> T:
    """What `find` finds, as soon as that is something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def yesterday() -> date:
    """The night that a run of today is about."""
    return (datetime.now(UTC) - timedelta(days=1)).date()


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, web_server: Web) -> Iterator[Team]:
    """The server up, the project deployed to a pool of its own, a worker at work."""
    folder = tmp_path_factory.mktemp("team")
    _install(folder)
    shutil.copytree(Path(__file__).parent / "team", folder / "projects")
    port = choose_port(folder, "127.0.0.1", None, (), print)
    team = Team(folder, _environment(folder, port, web_server.url))
    for back in range(22, 0, -1):
        team.deliver(yesterday() - timedelta(days=back))
    server = team.start("server", "start", "--port", str(port))
    started = [server]
    try:
        with team.client as client:
            wait_for(lambda: _answers(client))
        deployed = team.type("deploy", "--work-pool", POOL)
        assert deployed.returncode == 0, deployed.stderr
        started.insert(0, team.start("worker", "start", "--pool", POOL, "--type", "process"))
        yield team
    finally:
        for process in started:
            processes.end([process.pid], patience_seconds=20)  # a worker may wait for its last run
            process.wait(10)


def _install(folder: Path) -> None:
    """The wheel, first on PYTHONPATH; what it depends on is installed here already."""
    uv = [str(Path(sys.executable).with_name("uv"))]
    wheels = folder / "wheels"
    build = ["build", "--wheel", "--no-build-isolation", "--quiet", "--out-dir", str(wheels)]
    subprocess.run([*uv, *build, "--python", sys.executable, str(ROOT)], check=True)
    (wheel,) = wheels.glob("*.whl")
    install = ["pip", "install", "--quiet", "--no-deps", "--target", str(folder / "site")]
    subprocess.run([*uv, *install, "--python", sys.executable, str(wheel)], check=True)


def _environment(folder: Path, port: int, alerts: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DRIFTLOOP_", "PREFECT"))}
    return {
        **inherited,
        "PYTHONPATH": str(folder / "site"),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_API_AUTH_STRING": LOGIN,
        "PREFECT_SERVER_API_AUTH_STRING": LOGIN,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "DRIFTLOOP_ALERT_URLS": alerts,
        "DRIFTLOOP_CACHE": str(folder / "cache"),
        "DRIFTLOOP_DATA": str(folder / "projects"),
        "DRIFTLOOP_PROJECTS": str(folder / "projects"),
        "DRIFTLOOP_STORE": (folder / "store").as_uri(),
    }


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").is_success
    except httpx.HTTPError:
        return False
