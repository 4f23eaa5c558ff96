"""A Prefect server, worker and page server with the shop deployed, and Chromium in front of them.

All of it is there for one module: Playwright's event loop would stand in the way of other tests.
"""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from deployments.stack import Stack, start, stop
from deployments.stack.after import after_start
from deployments.stack.asking import ask
from tests.architecture.tree import ROOT
from tests.building.fixtures import GROWN, grown_root, settle
from tests.building.project import NAME
from tests.building.world import World

__all__ = ["grown_root"]

PATIENCE_SECONDS = 90
TONIGHT = GROWN + 1
"""The night that nobody has run yet; it has a drift report, and labels that let a retrain judge."""


@dataclass(frozen=True)
class Shop:
    """The tests' project on a stack of its own."""

    stack: Stack

    def page_of(self, place: str) -> str:
        """The address of a page of Prefect's UI."""
        return f"{self.stack.ui_url}/{place}"

    def deployment(self, flow: str) -> dict[str, Any]:
        """The deployment of a flow as the server has it."""
        found: dict[str, Any] = self._ask(f"deployments/name/{flow}/{NAME}")
        return found

    def form_of(self, flow: str) -> str:
        """The address of a flow's form."""
        return self.page_of(f"deployments/deployment/{self.deployment(flow)['id']}/run")

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """The runs of a flow that a person started; the others are of nights to come."""
        wanted = {"deployments": {"id": {"any_": [self.deployment(flow)["id"]]}}}
        found: list[dict[str, Any]] = self._ask("flow_runs/filter", wanted)
        return [run for run in found if not run["auto_scheduled"]]

    def await_run(self, flow: str) -> None:
        """Wait until the one run of a flow has ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (runs := self.runs(flow)) or runs[0]["end_time"] is None:
            assert time.monotonic() < deadline, runs
            time.sleep(0.1)

    def _ask(self, path: str, body: object = None) -> Any:
        """What the server says, asked again while other tests keep the machine busy."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := ask(self.stack.host, self.stack.api_port, f"/api/{path}", body)) is None:
            assert time.monotonic() < deadline, path
            time.sleep(0.1)
        return answer


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser that is installed here. Without one a person's tests are skipped, CI's fail."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium is installed; .ci/run installs Debian's package chromium")
    if found is None:
        pytest.skip("no Chromium is installed; Debian's and Ubuntu's package is called chromium")
    return found


@pytest.fixture(scope="module")
def shop(grown_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop with its newest night delivered, and nobody has run that yet."""
    root = tmp_path_factory.mktemp("shop")
    folder = root / ".driftloop"
    with pytest.MonkeyPatch.context() as patch:
        world = settle(World(grown_root).copy_to(root).root, patch)
        world.label(TONIGHT - 1)
        world.deliver(TONIGHT)
        patch.setenv("DRIFTLOOP_DATA", str(root / "none"))  # else more projects would be ready
        stack = start(folder, {**os.environ, "PYTHONPATH": str(ROOT)}, print)
        try:
            after_start(stack, print)
            yield Shop(stack)
        finally:
            stop(folder)


@pytest.fixture(scope="module")
def page(shop: Shop, chromium: str) -> Iterator[Page]:
    """The one tab of a browser for which there is nothing but the stack; the UI asks strangers."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(20_000)
        page.route(
            lambda url: urlsplit(url).hostname != shop.stack.host, lambda route: route.abort()
        )
        page.goto(shop.page_of("dashboard"))
        yield page
        browser.close()
