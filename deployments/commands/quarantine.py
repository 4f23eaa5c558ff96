"""Commands on rows in quarantine: quarantine, readmit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import Json
from schemas.errors import InvalidName
from schemas.names import check_night

if TYPE_CHECKING:  # commands import what they need when they run
    from deployments.quarantine import Aside

_LONGEST = 48


Night = Annotated[
    str | None, Parameter(help="The night as YYYY-MM-DD; without it, nights are listed.")
]
Rows = Annotated[int, Parameter(help="Show this many of the rows as well.")]
To = Annotated[
    Path | None,
    Parameter(
        help="Write all rows to this CSV file, as they were delivered, each with its reasons. Text "
        "that a spreadsheet would take for a formula (it starts with = + - @ tab or line break) "
        "gets a ' before it; numbers stay numbers."
    ),
]
Force = Annotated[bool, Parameter(negative="", help="With --to: replace a file that is there.")]
Sensitive = Annotated[bool, Parameter(negative="", help="With --to: sensitive columns as well.")]


def quarantine(
    project: str,
    as_of: Night = None,
    *,
    rows: Rows = 0,
    to: To = None,
    sensitive: Sensitive = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """List the nights with rows in quarantine, or what was set aside of one night, by reason.

    Nights are listed newest first. Values of sensitive columns are not shown.
    """
    from flows.find import find_project

    found = find_project(project)
    if as_of is None and (rows or to):
        raise InvalidName("name the night whose rows you want: driftloop quarantine PROJECT AS_OF")
    if sensitive and not to:
        raise InvalidName("--sensitive is for --to: values of sensitive columns are never shown")
    if rows < 0:
        raise InvalidName(f"--rows {rows} is refused: give how many rows to show")
    if as_of is None:
        _list_nights(found.name, json)
        return
    from deployments.quarantine import read_aside

    aside = read_aside(found, check_night(as_of, found.period))
    if to:
        _export(aside, to, sensitive, force, json)
    elif json:
        _print_json(aside, rows)
    else:
        _print(aside, rows)


def readmit(project: str, as_of: str, *, json: Json = False) -> None:
    """Check a night's rows again after its contract was changed; no file of it is needed.

    Rows that are sound now leave the quarantine and the night is scored and decided anew, as if it
    had been delivered again. The same again has no second effect.
    """
    from deployments.printing import print_json, print_lines
    from deployments.quarantine import read_aside
    from flows.find import find_project
    from flows.readmit import readmit as flow
    from tasks.engine.standing import night_of
    from tasks.home import home

    found = find_project(project)
    night = check_night(as_of, found.period)
    done = flow.fn(project, night)
    aside = read_aside(found, night)
    recorded = night_of(home(), project, night)
    if json:
        told = aside.batch.model_dump(mode="json", include={"status", "counts", "readmission"})
        key = recorded[0] if recorded else None
        print_json({"batch": done.key, "is_new": done.is_new, **told, "night": key})
        return
    state = aside.batch.sentence if done.is_new else "nothing changes under today's contract"
    lines = [("checked", state), *(("broken", one.text) for one in aside.reasons)]
    if recorded and done.is_new:
        lines.append(("decided", recorded[1].decision.sentence))
    print_lines(f"{project} {night}", lines)
    print(f"next: driftloop {'why' if done.is_new else 'quarantine'} {project} {night}")


def _list_nights(project: str, json: bool) -> None:
    from deployments.printing import print_json, print_table
    from deployments.quarantine import nights_aside

    found = nights_aside(project)
    if json:
        print_json([night.as_json() for night in found])
        return
    if not found:
        print(f"{project}: no night has rows in quarantine")
        return
    rows = []
    for night in found:
        batch, counts = night.batch, night.batch.counts
        share = f"{counts.quarantined / counts.read:.1%}"
        told = (batch.as_of, f"r{batch.revision:02d}", batch.status, f"{counts.read:,}")
        rows.append((*told, f"{counts.quarantined:,}", share, _clip(night.worst)))
    print_table(("NIGHT", "REV", "BATCH", "READ", "QUARANTINED", "SHARE", "MOST BY"), rows)
    print(f"next: driftloop quarantine {project} {found[0].batch.as_of}")


def _print(aside: "Aside", rows: int) -> None:
    from deployments.printing import clean, print_lines, print_table
    from tasks.telling.reasons import NULL, with_commas

    batch = aside.batch
    where = f"{batch.project} {batch.as_of}"
    print_lines(
        f"{where}, revision {batch.revision}, {batch.status}",
        [("rows", with_commas(batch.sentence))],
    )
    table = [
        (one.column, one.rule, f"{one.rows:,}", one.of_rows, one.shown, one.meaning, one.owner)
        for one in aside.reasons
    ]
    if table:
        headings = ("COLUMN", "RULE", "ROWS", "SHARE", "SUCH AS", "MEANING", "OWNER")
        print_table(headings, [tuple(map(_clip, row)) for row in table])
    if sound := aside.sound():
        print(f"{sound:,} more rows are sound: they are here since the batch was refused")
    for number, row in enumerate(aside.rows(rows) if rows else [], 1):
        *values, (_, reason) = row.items()
        told = [(clean(name), _clip(NULL if value is None else value)) for name, value in values]
        print_lines(clean(f"row {number}: {reason}"), told)
    if rows and aside.hidden:
        print(clean(f"not shown: {', '.join(aside.hidden)}"))
    if batch.quarantine:
        print(f"next: driftloop quarantine {where} {'' if rows else '--rows 5, or '}--to FILE.csv")
        print(f"once the contract is changed: driftloop readmit {where}")


def _print_json(aside: "Aside", rows: int) -> None:
    from dataclasses import asdict

    from deployments.printing import print_json

    told = {"project", "as_of", "revision", "status", "sentence", "counts", "readmission"}
    body = {
        **aside.batch.model_dump(mode="json", include=told),
        "sound": aside.sound(),
        "reasons": [asdict(reason) for reason in aside.reasons],
    }
    shown = {"rows": aside.rows(rows), "not_shown": aside.hidden} if rows else {}
    print_json({**body, **shown})


def _export(aside: "Aside", to: Path, sensitive: bool, force: bool, json: bool) -> None:
    from deployments.printing import clean, print_json

    written = aside.export(to, sensitive=sensitive, force=force)
    left_out = () if sensitive else aside.hidden
    if json:
        print_json({"file": str(to.absolute()), "rows": written, "left_out": left_out})
        return
    print(f"{written:,} row{'s' if written != 1 else ''} in {to.absolute()}")
    if left_out:
        print(clean(f"left out as sensitive: {', '.join(left_out)}"))


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


COMMANDS = {"quarantine": quarantine, "readmit": readmit}
