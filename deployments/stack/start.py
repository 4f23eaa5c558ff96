"""Start a stack, or what is missing of it. Stopping it is `deployments.stack.stop`."""

from collections.abc import Mapping
from pathlib import Path

from deployments.stack import processes
from deployments.stack.addresses import LOOPBACK, Stack
from deployments.stack.environment import fingerprints, read_settings
from deployments.stack.launch import Launch
from deployments.stack.parts import PAGES, SERVER, WORKER
from deployments.stack.ports import check_host, choose_port
from deployments.stack.remains import PATIENCE_SECONDS, close_lost_runs, end_strays, take_stock
from deployments.stack.state import State, Tell, locked, save
from schemas.errors import Declined
from tasks.store import open_store


def start(folder: Path, env: Mapping[str, str], tell: Tell, host: str = LOOPBACK) -> Stack:
    """The stack of this folder, up and answering: started, completed or found as it is.

    Args:
        folder: Where its state, logs and Prefect's database are.
        env: The environment that its parts get; DRIFTLOOP_* in it are their settings.
        tell: Called with a sentence at each step.
        host: The address to listen on, by which others reach it as well.

    Raises:
        InvalidName: the store's address or the host is unusable.
        Declined: it runs on another host.
        DriftloopError: a part does not come up; the message ends with its log.
    """
    settings = read_settings(env)
    open_store(settings.store, settings.cache)  # refused now, not in each night's log
    check_host(host)
    folder = folder.absolute()
    with locked(folder, tell):
        before = take_stock(folder, tell)
        end_strays(folder, before, tell)
        state = _place(folder, before, host, env, tell)
        save(folder, state)
        _launch(Launch(state.stack(folder), state, env, tell))
    return state.stack(folder)


def _launch(launch: Launch) -> None:
    launch.spawn(PAGES)  # boots while the server does
    launch.ensure(SERVER)
    if not launch.runs(WORKER) and (lost := close_lost_runs(launch.stack)):
        launch.tell(f"Flow runs whose process is gone, now marked as crashed: {lost}")
    launch.ensure(WORKER)
    launch.ensure(PAGES)
    if not launch.spawned:
        launch.tell("Already up")
    if changed := _changed(launch.state.settings, fingerprints(launch.env)):
        launch.tell(
            f"It runs with other settings than those of now: {', '.join(changed)}; "
            "driftloop down, then driftloop up takes these"
        )


def _place(
    folder: Path, before: State | None, host: str, env: Mapping[str, str], tell: Tell
) -> State:
    """Ports, the old ones where possible, and the parts that go on running on them."""
    parts = before.parts if before else {}
    if before and parts and before.host != host:
        raise Declined(f"it is up on {before.host}; driftloop down first, to have it on {host}")
    api, pages = (before.api_port, before.pages_port) if before else (None, None)
    if api is None or SERVER.name not in parts:
        api = choose_port(folder, host, api, {pages}, tell)
    if pages is None or PAGES.name not in parts:
        pages = choose_port(folder, host, pages, {api}, tell)
    if before and (api, pages) != (before.api_port, before.pages_port):
        # what still runs would go on with the old addresses
        processes.end([part.pid for part in parts.values()], PATIENCE_SECONDS)
        parts = {}
    settings = before.settings if before and parts else fingerprints(env)
    return State(host=host, api_port=api, pages_port=pages, parts=parts, settings=settings)


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | now if before.get(name) != now.get(name))
