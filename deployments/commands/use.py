"""Commands for whoever uses the model: pull."""

import math
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import Version
from schemas.errors import InvalidName, InvalidProject, UnknownProject

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from tasks.engine.pull.pull import Pulled

SECONDS = 30.0


def pull(
    project: str,
    folder: Path,
    *,
    version: Version = None,
    watch: Annotated[
        list[float] | None,
        Parameter(
            name="--watch",
            negative="",
            consume_multiple=(0, 1),
            help="Stay and follow promotions and roll-backs, looking every so many seconds "
            "(30 without a number). Write it last.",
        ),
    ] = None,
) -> None:
    """Give a service the champion's files, verified and tried, with an example that predicts.

    Args:
        project: The project's name.
        folder: Where to put them: a folder a model version, and the link `current` to one of them.
        version: A stored model version instead of the champion.
        watch: Seconds between looks.
    """
    from schemas.names import check_name
    from tasks.engine.pull.pull import pull as pull_once
    from tasks.home import home

    check_name(project, "project")
    place = folder.absolute()
    if watch is None:
        _tell(place, pull_once(home(), project, place, version, _own_kinds(project)))
    elif version:
        raise InvalidName("--version names one model and --watch follows the champion: choose one")
    else:
        _follow(project, place, (watch or [SECONDS])[0])


def _follow(project: str, folder: Path, seconds: float) -> None:
    from tasks.engine.pull.watch import watch
    from tasks.home import home

    if not (0 < seconds < math.inf):
        raise InvalidName(f"--watch {seconds:g} is refused: say seconds between looks, above 0")

    def trouble(what: str | None) -> None:
        text = f"driftloop: {what}; looking on" if what else f"driftloop: {project}: followed again"
        print(text, file=sys.stderr, flush=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # `current` is whole whenever that is
    watch(
        home(),
        project,
        folder,
        own=_own_kinds(project),
        pause=lambda: time.sleep(seconds),
        moved=lambda pulled: _tell(folder, pulled),
        trouble=trouble,
    )


def _tell(folder: Path, pulled: "Pulled") -> None:
    current = folder / "current"
    if pulled.before == pulled.version:
        what = "was mended" if pulled.wrote else "is whole, nothing to do"
        print(f"{current}: {pulled.version} {what}", flush=True)
    else:
        before = f", before {pulled.before}" if pulled.before else ""
        print(f"{current}: now {pulled.version}{before}", flush=True)
    if pulled.lacks:
        print(f"driftloop: {pulled.lacks}", file=sys.stderr, flush=True)


def _own_kinds(project: str) -> frozenset[str]:
    """The family and feature steps that are the project's own. Its file need not be here."""
    from flows.find import find_project
    from tasks.home import home
    from tasks.store.champion import find_serving

    try:
        found = find_project(project)
    except (UnknownProject, InvalidProject):
        if find_serving(home(), project).champion is None:
            raise
        return frozenset()
    kinds = [type(part) for part in (found.family, *found.features)]
    shipped = ("tasks.features.", "tasks.families.")
    return frozenset(kind.__name__ for kind in kinds if not kind.__module__.startswith(shipped))


COMMANDS = {"pull": pull}
