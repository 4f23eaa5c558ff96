"""Marking a night bad from a terminal, with what it reached; `--dry-run` shows that alone."""

from collections.abc import Iterable
from datetime import date

from deployments.printing import clean, print_json, print_lines
from flows.find import find_project
from flows.mark_bad import mark_bad
from schemas.ledger import Entry
from schemas.radius import BlastRadius
from tasks.engine.people import check_can_be_sound
from tasks.engine.radius import blast_radius
from tasks.home import home
from tasks.store.ledger import read_standing
from tasks.telling.radius import tell_radius
from tasks.telling.retrains import tell_entry


def mark(project: str, night: date, reason: str, actor: str, *, dry_run: bool, json: bool) -> None:
    """Record that the night is bad, and show what it reached. Errors as of the flow."""
    radius = blast_radius(home(), find_project(project), night)
    entry = None if dry_run else mark_bad.fn(project, night, reason, actor)
    if not json:  # whoever reads may stop reading; what was asked for is done by then
        lines = ((line.step, line.text) for line in tell_radius(radius))
        print_lines(f"{project}, night {night}, as a bad one", lines)
    first = () if entry else (f"driftloop mark-bad {project} {night} --reason ...",)
    _tell(entry, radius, (*first, *radius.way_out.commands), json=json)


def take_back(
    project: str, night: date, reason: str, actor: str, *, dry_run: bool, json: bool
) -> None:
    """Record that the night is bad no longer. Errors as of the flow."""
    if dry_run:
        name = find_project(project).name
        check_can_be_sound(name, read_standing(home(), name), night)
    entry = None if dry_run else mark_bad.fn(project, night, reason, actor, undo=True)
    _tell(entry, None, (), json=json)


def _tell(
    entry: Entry | None, radius: BlastRadius | None, following: Iterable[str], *, json: bool
) -> None:
    if json:
        told = {**entry.model_dump(mode="json"), "digest": entry.digest} if entry else None
        print_json({"radius": radius.model_dump(mode="json") if radius else None, "entry": told})
        return
    print(clean(tell_entry(entry)) if entry else "Nothing was recorded.")
    for command in following:
        print(f"next: {command}")
