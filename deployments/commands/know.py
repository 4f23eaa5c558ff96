"""Commands that tell: projects, status, champion, history, nights, why, report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.commands.options import Json
from schemas.errors import NotYet
from schemas.names import check_night

if TYPE_CHECKING:
    from deployments.status import Status

_STALE = 3


def projects(*, json: Json = False) -> None:
    """List the projects, shipped and your own, with their question and whether data is here."""
    from deployments.printing import print_json, print_table
    from flows.find import list_projects

    found = list_projects()
    if json:
        print_json(
            [
                {"name": p.name, "about": p.about, "file": p.where, "problem": p.problem}
                for p in found
            ]
        )
        return
    print_table(
        ("PROJECT", "QUESTION", "STATE"), [(p.name, p.about, p.problem or "ready") for p in found]
    )


def status(
    project: str | None = None,
    *,
    max_age: Annotated[
        str | None,
        Parameter(help="Exit 3 when a project's newest night ended longer ago, such as 26h or 2d."),
    ] = None,
    json: Json = False,
) -> None:
    """Say where each project stands: newest night, champion, open alarms, what comes next."""
    from deployments.printing import print_json
    from deployments.status import project_status, too_old

    found = project_status(project)
    if json:
        print_json([one.as_json() for one in found])
    else:
        _print_status(found)
    late = too_old(found, max_age) if max_age else []
    for text in late:
        print(f"driftloop: {text}", file=sys.stderr)
    if unreadable := max(one.unreadable for one in found):
        sys.exit(unreadable)  # whether a night is late cannot be told then
    if late:
        sys.exit(_STALE)


def _print_status(found: "list[Status]") -> None:
    """Shipped examples that were never used are named in one line, or all of them shown alone."""
    from deployments.printing import print_lines

    if not any(one.newest or one.unreadable for one in found):
        print(f"no night is recorded in {_store()} yet; is DRIFTLOOP_STORE right?")
    unused = [one.project for one in found if one.is_unused]
    shown = [one for one in found if not one.is_unused] or found
    for one in shown:
        print_lines(one.project, one.lines())
    if len(shown) < len(found):
        print(f"shipped projects without data: {', '.join(unused)}")


def _store() -> str:
    from schemas.settings import current_settings

    return current_settings().store


def champion(project: str, *, json: Json = False) -> None:
    """Show the model in service: its version, training nights, recipe, and who put it there."""
    from deployments.printing import print_json, print_lines
    from flows.find import find_project
    from schemas.ledger import Entry
    from schemas.model import Card
    from tasks.home import home
    from tasks.store import keys
    from tasks.store.champion import find_serving
    from tasks.telling.model_card import tell_declared

    name = find_project(project).name
    serving = find_serving(home(), name)
    if serving.champion is None:
        raise NotYet(f"{name}: there is no champion yet; driftloop status {name} says why")
    card = home().record(keys.card(name, serving.champion), Card)
    entry = home().record(keys.ledger(name, serving.champion_seq or 1), Entry)
    if json:
        body = {"version": card.version, "frozen": serving.frozen, "since": entry.as_of}
        print_json({**body, "card": card.model_dump(mode="json")})
        return
    stand_in = card.stand_in[0]
    held_out = stand_in.without_groups
    apart = f", without the held-out fifth of {held_out}" if held_out else ""
    lines = [
        ("since", f"{entry.as_of}, {entry.action} by {entry.actor}: {entry.reason}"),
        *(
            ("trained", f"{f.rows:,} rows of {f.nights} nights, {f.first_night} to {f.last_night}")
            for f in card.members
        ),
        ("recipe", tell_declared(card.recipe["family"])),
        ("stand-in", f"knows nights up to {stand_in.last_night}, cut {stand_in.cut}{apart}"),
        ("frozen", serving.frozen_reason or "yes" if serving.frozen else "no"),
        ("card", f"driftloop card {name}"),
    ]
    print_lines(f"{name} {card.version}", lines)


def history(project: str, *, json: Json = False) -> None:
    """List every promotion, roll-back, freeze, mark and other decision, oldest first."""
    from deployments.printing import print_json
    from flows.find import find_project
    from tasks.home import home
    from tasks.store.ledger import entries
    from tasks.telling.retrains import tell_entry

    found = entries(home(), find_project(project).name)
    if json:
        print_json([{**entry.model_dump(mode="json"), "digest": entry.digest} for entry in found])
        return
    for entry in found:
        print(tell_entry(entry))
    if any(entry.version for entry in found):
        print(f"what a model is: driftloop card {project} VERSION")
    if not found:
        print(f"{project}: nothing was promoted yet")


def nights(
    project: str,
    *,
    last: Annotated[int, Parameter(validator=Number(gte=1))] = 30,
    json: Json = False,
) -> None:
    """List the newest night records, in the order in which they were committed.

    Args:
        project: The project's name.
        last: How many.
        json: Print JSON for machines.
    """
    from deployments.printing import print_json, print_table
    from flows.find import find_project
    from tasks.engine.standing import nights_in_order
    from tasks.home import home
    from tasks.telling.nights import decision_sentence

    found = nights_in_order(home(), find_project(project).name)[-last:]
    if json:
        print_json([record.model_dump(mode="json") for _, record in found])
        return
    rows = [
        (n.as_of, f"r{n.revision:02d}", n.evidence.rows, n.decision.state, decision_sentence(n))
        for _, n in found
    ]
    if not rows:
        print(f"{project}: no night is recorded in {_store()} yet")
        return
    print_table(("NIGHT", "REV", "ROWS", "STATE", "DECISION"), rows)


def why(project: str, as_of: str, *, json: Json = False) -> None:
    """Explain a night: everything that decided, and what would have led elsewhere."""
    from deployments.printing import print_json, print_lines
    from deployments.why import explain_night
    from flows.find import find_project

    found = find_project(project)
    night = check_night(as_of, found.period)
    explained = explain_night(found, night)
    if json:
        print_json(explained.as_json())
    else:
        print_lines(f"{project} {night}", explained.lines())


def report(
    project: str,
    as_of: str,
    *,
    profile: Annotated[
        bool,
        Parameter(
            negative="",
            help="Instead the night's columns in full, beside the champion's reference sample.",
        ),
    ] = False,
    to: Annotated[Path | None, Parameter(help="Where to write the page; by default here.")] = None,
) -> None:
    """Write a night's Evidently report as an HTML page and print its path."""
    import gzip

    from flows.find import find_project
    from tasks.engine.standing import night_of
    from tasks.home import home

    found = find_project(project)
    night = check_night(as_of, found.period)
    if profile:
        from tasks.engine.alone import alone
        from tasks.engine.profile import make_profile

        with alone(found.name):
            ref = make_profile(home(), found, night).page
        path = Path(f"{found.name}-{night}-profile.html")
    else:
        recorded = night_of(home(), found.name, night)
        if recorded is None or recorded[1].report is None:
            raise NotYet(f"{found.name} {night}: no report; it needs a champion and a sound batch")
        ref, path = recorded[1].report, Path(f"{found.name}-{night}.html")
    path = to or path
    path.write_bytes(gzip.decompress(home().read_bytes(ref)))
    print(path.absolute())


COMMANDS = {
    "projects": projects,
    "status": status,
    "champion": champion,
    "history": history,
    "nights": nights,
    "why": why,
    "report": report,
}
