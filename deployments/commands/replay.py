"""The command that tries policies on the past: replay."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import From, Json, To
from schemas.errors import InvalidName
from schemas.names import check_night

if TYPE_CHECKING:
    from flows.replay import Replayed

_NOT_REPRODUCED = 65


def replay(
    project: str,
    *,
    from_: From = None,
    to: To = None,
    policy: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="A policy to try, repeatable, by default all: own (the project's), never, "
            "nightly, every-3, every-7-or-hint (every 7 nights, or 3 after the last when quality "
            "begins to fall), schedule-only, drift-only, one-window (all past alone), windows (the "
            "mean over those of the project, or over 28, 91, 365 nights and all past).",
        ),
    ] = None,
    refit: Annotated[
        bool,
        Parameter(
            negative="",
            help="Fit models as each policy would have, and compare the quality of its nights. "
            "Takes minutes to hours; stopped, it goes on where it was.",
        ),
    ] = False,
    page: Annotated[
        Path | None, Parameter(help="Write plots and tables as one HTML file as well.")
    ] = None,
    json: Json = False,
) -> None:
    """Compute past decisions again and try other policies on the same nights; nothing is stored.

    Every recorded decision must follow from what is recorded beside it: exit 65 and name the
    records if not. Then each policy decides the same nights anew, on the recorded evidence or,
    with --refit, with models, alarms and gates of its own; `never` and `nightly` are then always
    among them, since a policy's gain is told as the share it keeps of nightly retraining's.
    """
    from flows.replay import replay as flow
    from tasks.engine.replay.variants import NAMES

    first, last = (check_night(night) if night else None for night in (from_, to))
    if first and last and last < first:
        raise InvalidName(f"--from {first} is after --to {last}; give the first night first")
    replayed = flow.fn(project, first, last, tuple(policy or NAMES), refit)
    _print(replayed, json)
    if page:
        print(_write(replayed, page), file=sys.stderr if json else sys.stdout)
    if replayed.reproduced.differences:
        sys.exit(_NOT_REPRODUCED)


def _print(replayed: "Replayed", json: bool) -> None:
    from deployments.printing import print_json, print_lines, print_table
    from deployments.replaying import (
        ASKED,
        as_json,
        lived_headings,
        tell_faults,
        tell_reproduced,
        tell_what_was_done,
    )
    from tasks.telling.replays import asked_row, lived_row

    if json:
        print_json(as_json(replayed))
        return
    print_lines(f"{replayed.project} replay", tell_reproduced(replayed.reproduced))
    print(f"\n{tell_what_was_done(replayed)}")
    if replayed.lived:
        rows = [lived_row(result) for result in replayed.lived.results]
        print_table(lived_headings(replayed.lived), rows)
        if faults := tell_faults(replayed.lived):
            print(faults)
    elif replayed.asked:
        print_table(ASKED, [asked_row(asked) for asked in replayed.asked])


def _write(replayed: "Replayed", page: Path) -> Path:
    from deployments.page.render import write_page
    from deployments.replay_page import render_replay

    return write_page(page, render_replay(replayed)).absolute()


COMMANDS = {"replay": replay}
