"""The demo's runs: plain functions, or on Prefect each a run of its deployment, in this process.

A process for each night would cost 7 to 9 CPU seconds; a run inside this one costs a second.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flow_engine import run_flow
from prefect.settings import (
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    temporary_settings,
)
from prefect.states import Pending

from deployments.build import POOL, plan_deployments
from deployments.deploy import apply, compare
from deployments.server import connect
from deployments.stack import Stack
from flows.find import find_project
from tasks.engine.reconcile import find_undone
from tasks.home import home

_PATIENCE_SECONDS = 90.0
_TRIES = 10


class Here:
    """Runs without a server: the flows' plain functions."""

    def __init__(self, project: str) -> None:
        self._project = project

    def run(self, flow: Flow[..., Any], **parameters: Any) -> Any:
        """Run a flow as a function; its value."""
        return flow.fn(self._project, **parameters)

    def await_worker(self) -> bool:
        """There is none."""
        return False


@contextmanager
def serve(stack: Stack, project: str) -> Iterator["Served"]:
    """Runs on this stack's server, as long as the block lasts."""
    # each run would wait a second at its end for its heartbeat thread
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), connect(stack) as client:
        yield Served(client, project)


class Served:
    """The deployments of one project on a server, and runs of them."""

    def __init__(self, client: SyncPrefectClient, project: str) -> None:
        self._client = client
        self._project = project
        self._ids: dict[str, UUID] = {}
        planned = plan_deployments([find_project(project)], POOL)
        apply(client, compare(client, planned, [project], POOL), POOL)
        self._pause_what_the_demo_does()

    def run(self, flow: Flow[..., Any], **parameters: Any) -> Any:
        """Run a deployment's flow in this process, as a run of that deployment; its value."""
        given = {"project": self._project, **parameters}
        run = self._create_run(self._id_of(flow.name), given)
        return run_flow(flow, flow_run=run, parameters=given, return_type="result")

    def _id_of(self, flow: str) -> UUID:
        if flow not in self._ids:
            name = f"{flow}/{self._project}"
            self._ids[flow] = self._client.read_deployment_by_name(name).id
        return self._ids[flow]

    def _create_run(self, deployment: UUID, given: dict[str, Any]) -> FlowRun:
        """Tries soon again where SQLite is locked for a moment: Prefect's own retry waits 2 s."""
        for _ in range(_TRIES):
            with (
                suppress(PrefectHTTPStatusError),
                temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}),
            ):
                return self._create_pending(deployment, given)
            time.sleep(0.1)
        return self._create_pending(deployment, given)

    def _create_pending(self, deployment: UUID, given: dict[str, Any]) -> FlowRun:
        """Pending: no worker picks it up."""
        return self._client.create_flow_run_from_deployment(
            deployment, parameters=given, state=Pending()
        )

    def await_worker(self) -> bool:
        """Wait until the worker has carried out what the store says is undone; whether it did."""
        waited_until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < waited_until:
            if find_undone(home(), self._project) is None:
                return True
            time.sleep(0.3)
        return False

    def _pause_what_the_demo_does(self) -> None:
        """No schedule fits nights of 2013, and due refreshes are started here, for speed."""
        for flow in ("nightly", "search"):
            found = self._client.read_deployment(self._id_of(flow))
            for schedule in found.schedules:  # of a paused deployment lists show it as active
                self._client.update_deployment_schedule(found.id, schedule.id, active=False)
        for automation in self._client.read_automations_by_name(
            f"{self._project}: retrain when due"
        ):
            self._client.pause_automation(automation.id)
