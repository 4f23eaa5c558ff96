"""What earlier starts left: parts that still run, strays, flow runs whose process is gone.

Starting what is missing is `deployments.stack.launch`.
"""

from pathlib import Path

from deployments.stack import processes
from deployments.stack.addresses import Stack
from deployments.stack.asking import ask
from deployments.stack.environment import mark_of
from deployments.stack.parts import POOL
from deployments.stack.state import State, Tell, load
from schemas.errors import Damaged

PATIENCE_SECONDS = 10

_RUN = "PREFECT__FLOW_RUN_ID="
_LOST = "Its process is gone: the machine, the worker or the run itself was killed."


def take_stock(folder: Path, tell: Tell) -> State | None:
    """What the stack remembers, its parts those that still run. A damaged stack.json is said."""
    try:
        state = load(folder)
    except Damaged as error:
        tell(f"{error}: starting anew")
        return None
    return state and state.model_copy(update={"parts": alive_parts(state)})


def is_up(folder: Path) -> bool:
    """Whether any part of this folder's stack still runs."""
    state = take_stock(folder.absolute(), lambda _: None)
    return bool(state and state.parts)


def alive_parts(state: State) -> dict[str, processes.Process]:
    """Those of its parts that are still the processes they were."""
    return {name: part for name, part in state.parts.items() if part.is_alive()}


def end_strays(folder: Path, state: State | None, tell: Tell) -> None:
    """End parts that no stack.json knows: it was lost, or a start was killed in the act.

    Flow runs stay: they outlive their worker and report to the server by themselves.
    """
    known = {part.pid for part in state.parts.values()} if state else set()
    strays = [
        pid
        for pid, environment in processes.marked(mark_of(folder)).items()
        if pid not in known and _RUN not in environment and processes.leads_session(pid)
    ]
    if ended := processes.end(strays, PATIENCE_SECONDS):
        named = ", ".join(f"process {pid}" for pid in ended)
        tell(f"Stopped what an earlier start left behind: {named}")


def flow_runs(folder: Path) -> dict[int, str]:
    """The stack's flow runs that are at work here: the processes of each, and its id."""
    found = {}
    for pid, environment in processes.marked(mark_of(folder)).items():
        if _RUN in environment:
            found[pid] = environment.partition(_RUN)[2].split()[0]
    return found


def close_lost_runs(stack: Stack) -> int:
    """Crashed instead of running for ever; for a server that has no worker yet. How many.

    Only runs that a worker started: those inside another process leave no process id.
    """
    living = set(flow_runs(stack.folder).values())
    lost = [
        run["id"]
        for state in ("RUNNING", "PENDING", "CANCELLING")
        for run in _runs_in(stack, state)
        if run["infrastructure_pid"] and run["id"] not in living
    ]
    for run in lost:
        state = {"type": "CRASHED", "name": "Crashed", "message": _LOST}
        ask(stack.host, stack.api_port, f"/api/flow_runs/{run}/set_state", {"state": state})
    return len(lost)


def _runs_in(stack: Stack, state: str) -> list[dict[str, str | None]]:
    question = {
        "flow_runs": {"state": {"type": {"any_": [state]}}},
        "work_pools": {"name": {"any_": [POOL]}},
    }
    return ask(stack.host, stack.api_port, "/api/flow_runs/filter", question) or []
