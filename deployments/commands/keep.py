"""Commands for what is kept: gc, mark-erased."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import Json

if TYPE_CHECKING:  # commands import what they need when they run
    from collections.abc import Sequence

    from schemas.collection import Collected

DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Say what would be done; change nothing.")
]
_WHY = {
    "unnamed": "named by no record: what killed runs left",
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


def _size(objects: "Sequence[Collected]") -> str:
    from rich.filesize import decimal

    number, size = len(objects), sum(one.bytes for one in objects)
    return f"{number:,} object{'' if number == 1 else 's'}, {decimal(size)}"


COMMANDS = {"gc": gc}
