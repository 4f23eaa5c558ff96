"""Commands that run something: night, retrain, score, check, replay, landing."""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.commands.options import AsOf, From, Json, To
from schemas.errors import InvalidName
from schemas.names import check_night
from schemas.period import periods

if TYPE_CHECKING:
    from schemas.project import Project


def night(
    project: str,
    *,
    as_of: AsOf = None,
    from_: From = None,
    to: To = None,
    history: Annotated[
        bool, Parameter(negative="", help="Ingest and score only; nothing is decided.")
    ] = False,
    json: Json = False,
) -> None:
    """Run one night, or several in order: ingest, score, watch, decide, retrain when decided.

    Without a date: tonight's, after up to 14 nights that were missed, oldest first; older ones that
    were delivered and not run are told. The same night twice has no second effect.
    """
    from flows.find import find_project

    found = find_project(project)
    nights = list(_nights(found, as_of, from_, to))
    if history:
        _load_history(project, nights[0], nights[-1], json)
        return
    _run_nights(project, nights, json)
    if not (as_of or from_):
        _tell_unrun(found)


def _load_history(project: str, first: date, last: date, json: bool) -> None:
    from dataclasses import asdict

    from deployments.printing import print_json, print_lines
    from flows.ingest import history as ingest_history
    from tasks.home import home
    from tasks.telling.history import read_history

    made = ingest_history.fn(project, first, last)
    told = read_history(home(), project, first, last, made)
    if json:
        print_json({**asdict(told), "nights": made})
        return
    print_lines(f"{told.headline}, {first} to {last}", [(x.step, x.text) for x in told.lines()])
    print(f"next: {told.next}")


def _run_nights(project: str, nights: list[date], json: bool) -> None:
    from dataclasses import asdict

    from deployments.printing import print_json, print_lines
    from flows.nightly import nightly
    from tasks.home import home
    from tasks.telling.also import find_others, stand_before
    from tasks.telling.nights import tell_night

    told = []
    for as_of in nights:
        before = stand_before(home(), project)
        key = nightly.fn(project, as_of)
        lines = [(line.step, line.text) for line in tell_night(home(), key)]
        others = find_others(home(), project, before, key)
        if json:
            also = [asdict(other) for other in others]
            told.append({"night": str(as_of), "key": key, "lines": lines, "also": also})
        else:
            lines += [("also", f"{other.night}: {other.text}") for other in others]
            print_lines(f"{project} {as_of}", lines)
    if json:
        print_json(told)
    else:
        print(f"next: driftloop why {project} {nights[-1]}")


def _tell_unrun(found: "Project") -> None:
    """On stderr: what was left out is no result."""
    from flows.nights import unrun_nights
    from tasks.telling.unrun import tell_unrun

    if unrun := unrun_nights(found):
        print(tell_unrun(found.name, unrun), file=sys.stderr)


def _nights(
    found: "Project", as_of: str | None, first: str | None, last: str | None
) -> Iterator[date]:
    from flows.nights import due_nights

    def named(text: str) -> date:
        return check_night(text, found.period)

    if as_of and (first or last):
        raise InvalidName("give either --as-of or --from and --to, not both")
    if not (first or last):
        yield from (named(as_of),) if as_of is not None else due_nights(found)
        return
    if not (first and last):
        raise InvalidName("give --from and --to, or --as-of for one night")
    if named(last) < named(first):
        raise InvalidName(f"--from {named(first)} is after --to {named(last)}")
    yield from periods(named(first), named(last))


def retrain(
    project: str, *, as_of: AsOf = None, actor: str | None = None, json: Json = False
) -> None:
    """Fit a challenger now, judge it, promote it when it passes every gate."""
    from deployments.commands.options import actor_name
    from deployments.printing import print_json, print_lines
    from flows.find import find_project
    from flows.nights import newest_or_tonight
    from flows.retrain import retrain as flow
    from schemas.judgement import Judgement
    from schemas.ledger import Entry
    from tasks.engine.contract_diff import cleaned_otherwise
    from tasks.home import home
    from tasks.telling.next_steps import after_retrain
    from tasks.telling.retrains import tell_entry, tell_judgement

    found = find_project(project)
    night = check_night(as_of, found.period) if as_of is not None else newest_or_tonight(found)
    key = flow.fn(project, night, actor=actor_name(actor))
    if not json and (left_out := cleaned_otherwise(home(), found)):
        print(f"left out: {left_out}")
    if key is None:
        state = "no new data: no labelled night is newer than the stand-in's cut"
        print_json({"outcome": "no_new_data"}) if json else print(f"{project}: {state}")
        return
    entry = home().record(key, Entry) if key.startswith("ledger/") else None
    judgement = home().record(entry.judgement or "" if entry else key, Judgement)
    if json:
        alarms = judgement.examination.alarms if judgement.examination else ()
        told = {"outcome": judgement.outcome, "key": key, "sentence": judgement.sentence}
        print_json({**told, "leak_alarms": [alarm.model_dump() for alarm in alarms]})
        return
    print_lines(f"{project} retrain {night}", [(x.step, x.text) for x in tell_judgement(judgement)])
    print(tell_entry(entry) if entry else "Nothing was promoted.")
    print(f"next: {after_retrain(judgement, entry)[0 if entry else -1]}")


def score(
    project: str,
    file: Path,
    *,
    to: Annotated[
        Path | None, Parameter(help="Write a CSV file; by default to the terminal.")
    ] = None,
) -> None:
    """Score the rows of a CSV or Parquet FILE with the champion; broken rows are refused, named."""
    from deployments.scoring import score_file

    scored, refused = score_file(project, file)
    scored.to_csv(to or sys.stdout, index=False)
    if refused:
        print(f"{refused}; the others are scored", file=sys.stderr)


def upcoming(project: str, *, as_of: AsOf = None, json: Json = False) -> None:
    """Predict the upcoming rows as of a night, store and deliver them; `night` does it as well."""
    from deployments.printing import print_json, print_lines
    from flows.find import find_project
    from flows.nights import newest_or_tonight
    from flows.upcoming import upcoming as flow
    from schemas.upcoming import Upcoming
    from tasks.home import home
    from tasks.telling.upcoming import tell_upcoming

    found = find_project(project)
    night = check_night(as_of, found.period) if as_of is not None else newest_or_tonight(found)
    key = flow.fn(project, night)
    if json:
        print_json({"key": key, **home().record(key, Upcoming).model_dump(mode="json")})
        return
    lines = tell_upcoming(home(), found.name, night)
    print_lines(f"{project} upcoming {night}", [(line.step, line.text) for line in lines])


Nights = Annotated[int, Parameter(validator=Number(gte=1))]


def check(project: str, *, as_of: AsOf = None, nights: Nights = 42) -> None:
    """Try a project before it counts: read, validate, train small; nothing is stored.

    It reads a sample, the newest nights; `retrain` judges on all nights that are stored. Exit 1
    when every night is refused, the source names a column that was not delivered, no night has a
    label though labels are due, or training fails.

    Args:
        project: The project's name.
        as_of: The newest night to read; by default the newest delivered one.
        nights: How many nights to read.
    """
    from deployments.checking import check_project
    from deployments.printing import print_lines
    from flows.find import find_project

    found = find_project(project)
    night = check_night(as_of, found.period) if as_of is not None else None
    with tempfile.TemporaryDirectory(prefix="driftloop-check-") as folder:
        checked = check_project(project, night, nights, Path(folder))
    print_lines(f"{project} check", checked.lines)
    print("Nothing was stored.")
    if checked.failure:
        print(f"driftloop: {checked.failure}", file=sys.stderr)
        sys.exit(1)


COMMANDS = {
    "night": night,
    "retrain": retrain,
    "score": score,
    "upcoming": upcoming,
    "check": check,
}
