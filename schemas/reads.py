"""Whether the columns that a project names are there. What names columns is `schemas.project`."""

from collections.abc import Collection, Iterable, Sequence

from schemas.past import PastNights


def check_reads(
    past: Sequence[PastNights],
    steps: Iterable[tuple[str, Collection[str]]],
    columns: Collection[str],
) -> None:
    """A ValueError where a name of `past` is taken, or a column is read that is not there.

    `steps` are feature steps by their kind with what they read, which may be of `past`.
    """
    made = [one.name for one in past]
    if taken := sorted({name for name in made if name in columns or made.count(name) > 1}):
        raise ValueError(f"past: {taken} are names of other columns; choose others")
    for one in past:
        if unknown := {*one.by, *([one.of] if one.of else [])} - set(columns):
            raise ValueError(f"past {one.name}: no column {sorted(unknown)} in the contract")
    for kind, read in steps:
        if unknown := set(read) - {*columns, *made}:
            raise ValueError(f"features: {kind} reads {sorted(unknown)}, not in the contract")
