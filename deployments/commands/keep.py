"""Commands for what is kept: gc, mark-erased."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deployments.commands.options import Actor, DryRun, Json, Reason, actor_name

if TYPE_CHECKING:  # commands import what they need when they run
    from collections.abc import Sequence

    from schemas.collection import Collected
    from schemas.erasure import Erased
    from tasks.engine.keeping.erase import Planned

Keys = Annotated[
    list[str] | None,
    Parameter(
        name="--key",
        negative="",
        help="A row key; may be repeated. Other users see it while it runs.",
    ),
]
Why = Annotated[Reason, Parameter(help="Why; it stays in the erasure's record for ever.")]
KeysFile = Annotated[
    Path | None, Parameter(name="--keys-file", help="A text file with one row key a line.")
]
_WHY = {
    "unnamed": "named by no record: left by killed runs and tried fits",
    "expired": "outside of the policy's retention",
}


def gc(project: str, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Delete stored data that nothing needs any more: leftovers, and what retention lets go.

    Records are never deleted, nor is anything younger than 14 days. See docs/retention.md.
    """
    from deployments.counting import counting
    from deployments.printing import print_json
    from flows.find import find_project
    from tasks.engine.keeping.collect import collect, plan_collection
    from tasks.home import home

    found = find_project(project)
    with counting(f"{found.name}: collecting") as tell:
        if dry_run:
            planned = plan_collection(home(), found, tell)
            objects, left = planned.objects, planned.young
        else:
            done = collect(home(), found, tell)
            objects, left = done.deleted, done.spared
    if json:
        print_json({"dry_run": dry_run, "objects": [one.model_dump() for one in objects]})
        return
    print(f"{found.name}: {'would delete' if dry_run else 'deleted'} {_size(objects)}")
    for why, meaning in _WHY.items():
        if of_it := [one for one in objects if one.why == why]:
            print(f"  {why:<10} {_size(of_it)}, {meaning}")
    if left:
        print(f"  {'spared':<10} {_size(left)}, younger than 14 days")
    if dry_run and objects:
        print(f"next: driftloop gc {found.name}")


def _size(objects: "Sequence[Collected | Erased]") -> str:
    from rich.filesize import decimal

    return f"{_many(len(objects), 'object')}, {decimal(sum(one.bytes for one in objects))}"


def mark_erased(
    project: str,
    *,
    key: Keys = None,
    keys_file: KeysFile = None,
    reason: Why,
    actor: Actor = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Take a person's rows out of everything stored, by their row keys; it cannot be undone.

    Later deliveries of these keys are left out too, and the next night asks for a refresh of a
    champion that was trained on them. What stays is told in docs/retention.md.
    """
    from deployments.counting import counting
    from deployments.printing import print_json
    from flows.find import find_project
    from schemas.errors import NotYet
    from tasks.engine.keeping.erase import erase, plan_erasure
    from tasks.home import home

    found, asked = find_project(project), _asked(key or [], keys_file)
    carry_out = plan_erasure if dry_run else erase
    with counting(f"{found.name}: erasing") as tell:
        planned = carry_out(home(), found, asked, reason, actor_name(actor), tell)
    if len(planned.unknown) == len(asked):
        raise NotYet(
            f"{found.name}: no stored row has any of the {len(asked)} keys, nothing was changed; "
            f"rows still to come are not left out: erase them when they are there"
        )
    if json:
        print_json(_as_json(planned, dry_run=dry_run))
    else:
        _tell_erasure(planned, dry_run=dry_run)


def _asked(given: list[str], file: Path | None) -> list[str]:
    """The keys of the command line and of the file, each once, as they stand there."""
    from schemas.errors import DataUnreadable, InvalidName

    if file:
        try:
            given = [*given, *file.read_text("utf-8").splitlines()]
        except (OSError, UnicodeDecodeError) as error:
            raise DataUnreadable(
                f"{file}: {error}; name a text file with one key a line"
            ) from error
    asked = list(dict.fromkeys(filter(None, given)))
    if not asked:
        raise InvalidName("no key is named: give --key or a --keys-file with one key a line")
    return asked


def _as_json(planned: "Planned", *, dry_run: bool) -> dict[str, Any]:
    body = planned.erasure.model_dump(mode="json", exclude={"salt"}) if planned.erasure else None
    told = {"dry_run": dry_run, "record": planned.key, "erasure": body}
    return {**told, "unknown": len(planned.unknown), "before": len(planned.before)}


def _tell_erasure(planned: "Planned", *, dry_run: bool) -> None:
    erasure = planned.erasure
    if erasure:
        verb, nights = "would erase" if dry_run else "erased", len(erasure.nights)
        print(
            f"{erasure.project}: {verb} {_many(erasure.rows, 'row')} of "
            f"{_many(len(erasure.keys), 'key')} in {_many(nights, 'night')}"
        )
        word = "to delete" if dry_run else "deleted"
        print(f"  {word:<10} {_size(erasure.objects)}, older revisions included")
        if erasure.versions:
            print(f"  {'models':<10} trained on these rows: {', '.join(erasure.versions)}")
        if not dry_run:
            print(f"  {'record':<10} {planned.key}")
    if planned.before:
        print(f"  {'before':<10} {_many(len(planned.before), 'key')} erased earlier")
    if planned.unknown:
        print(f"  {'unknown':<10} {_many(len(planned.unknown), 'key')} found nowhere, not recorded")


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


COMMANDS = {"gc": gc, "mark-erased": mark_erased}
