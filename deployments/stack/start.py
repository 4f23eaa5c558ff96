"""Start a stack, or what is missing of it. Stopping it is `deployments.stack.stop`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deployments.stack import processes
from deployments.stack.addresses import LOOPBACK, Stack
from deployments.stack.environment import fingerprints, mark_of, part_env, read_settings
from deployments.stack.parts import PAGES, SERVER, WORKER, Part
from deployments.stack.ports import candidates, is_free
from deployments.stack.state import Process, State, Tell, load, locked, save
from schemas.errors import Damaged, Declined, DriftloopError, InvalidName
from tasks.store import open_store

PATIENCE_SECONDS = 120
_POLL_SECONDS = 0.1
_LINES_SHOWN = 12


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
    folder = folder.absolute()
    settings = read_settings(env)
    open_store(settings.store, settings.cache)  # refused now, not in each night's log
    with locked(folder, tell):
        return _Start(folder, env, tell).run(host)


@dataclass
class _Start:
    """One `start`, alone with the folder."""

    folder: Path
    env: Mapping[str, str]
    tell: Tell
    since: float = field(default_factory=time.time)
    spawned: set[str] = field(default_factory=set)

    def run(self, host: str) -> Stack:
        before = self._remembered()
        self._end_strays(before)
        self.state = self._place(before, host)
        self.stack = Stack(self.folder, host, self.state.api_port, self.state.pages_port)
        self._spawn_missing(PAGES)  # boots while the server does
        self._ensure(SERVER)
        self._ensure(WORKER)
        self._ensure(PAGES)
        if not self.spawned:
            self.tell("Already up")
            self._tell_other_settings()
        return self.stack

    def _remembered(self) -> State | None:
        try:
            state = load(self.folder)
        except Damaged as error:
            self.tell(f"{error}: starting anew")
            return None
        if state is None:
            return None
        alive = {n: p for n, p in state.parts.items() if processes.started(p.pid) == p.started}
        return state.model_copy(update={"parts": alive})

    def _end_strays(self, state: State | None) -> None:
        """Parts that are in no stack.json: it was lost, or a start was killed in the act.

        Flow runs stay: they outlive their worker and report to the server by themselves.
        """
        known = {process.pid for process in state.parts.values()} if state else set()
        strays = [
            pid
            for pid, environment in processes.marked(mark_of(self.folder)).items()
            if pid not in known
            and processes.leads_session(pid)
            and "PREFECT__FLOW_RUN_ID=" not in environment
        ]
        if strays and processes.end(strays, patience_seconds=10):
            self.tell(f"Stopped what an earlier start left behind: {_listed(strays)}")

    def _place(self, before: State | None, host: str) -> State:
        """Ports, kept where possible, and the parts that go on running on them."""
        parts = before.parts if before else {}
        if before and parts and before.host != host:
            raise Declined(
                f"it is up on {before.host}; driftloop down, then driftloop up --host {host}"
            )
        api = self._port(host, before.api_port if before else None, "server" in parts, ())
        pages = self._port(host, before.pages_port if before else None, "pages" in parts, (api,))
        moved = before and (before.api_port, before.pages_port) != (api, pages)
        if moved:  # what still runs would go on with the old addresses
            processes.end([process.pid for process in parts.values()], patience_seconds=10)
            parts = {}
        settings = before.settings if before and parts else fingerprints(self.env)
        state = State(host=host, api_port=api, pages_port=pages, parts=parts, settings=settings)
        save(self.folder, state)
        return state

    def _port(
        self, host: str, remembered: int | None, is_ours: bool, taken: tuple[int, ...]
    ) -> int:
        if remembered is not None and is_ours:
            return remembered
        try:
            port = next(
                p
                for p in candidates(self.folder, remembered)
                if p not in taken and is_free(host, p)
            )
        except OSError as error:
            raise InvalidName(
                f"--host {host[:80]!a} is refused: {error.strerror or error}; "
                "name an address of this machine"
            ) from error
        if remembered not in (None, port):
            self.tell(f"Port {remembered} is taken by another program: using {port} from now on")
        return port

    def _ensure(self, part: Part) -> None:
        """Wait until the part answers, starting it if it is not there or ends meanwhile."""
        begun = time.monotonic()
        while not part.answers(self.stack, self._fresh_since(part)):
            if not self._runs(part):
                if part.name in self.spawned:
                    raise self._failed(part, "ended while it started")
                self._spawn_missing(part)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise self._failed(part, f"does not answer after {PATIENCE_SECONDS} s")
            time.sleep(_POLL_SECONDS)
        if part.name in self.spawned:
            self.tell(f"  {part.title} answers after {time.time() - self.since:.0f} s")

    def _fresh_since(self, part: Part) -> float:
        """A worker of before may be about to give up on the server that died: its sign must be new.

        An answer from a process that was there before and still is counts at any time.
        """
        return self.since if {part.name, SERVER.name} & self.spawned else 0

    def _spawn_missing(self, part: Part) -> None:
        if self._runs(part):
            return
        self.tell(f"Starting the {part.title}")
        log = self._log(part)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        home = self.folder / "prefect"  # no .env or prefect.toml there that Prefect would read
        home.mkdir(exist_ok=True)
        environment = part_env(part.name, self.stack, self.env)
        pid = processes.spawn(part.command(self.stack), environment, home, log)
        process = Process(pid=pid, started=processes.started(pid) or "ended at once")
        self.state = self.state.with_part(part.name, process)
        save(self.folder, self.state)
        self.spawned.add(part.name)

    def _runs(self, part: Part) -> bool:
        process = self.state.parts.get(part.name)
        return process is not None and processes.started(process.pid) == process.started

    def _failed(self, part: Part, what: str) -> DriftloopError:
        lines = self._log(part).read_text(errors="replace").splitlines()[-_LINES_SHOWN:]
        shown = "".join(f"\n  {line}" for line in lines if line.strip())
        return DriftloopError(
            f"the {part.title} {what}; the end of {self._log(part)}:{shown}\n"
            "mend the cause, then run driftloop up again; driftloop down stops the rest"
        )

    def _log(self, part: Part) -> Path:
        return self.folder / "logs" / f"{part.name}.log"

    def _tell_other_settings(self) -> None:
        now = fingerprints(self.env)
        changed = sorted(
            k for k in now.keys() | self.state.settings if now.get(k) != self.state.settings.get(k)
        )
        if changed:
            self.tell(
                f"It runs with other settings than yours now: {', '.join(changed)}; "
                "driftloop down, then driftloop up takes yours"
            )


def _listed(pids: list[int]) -> str:
    return ", ".join(f"process {pid}" for pid in pids)
