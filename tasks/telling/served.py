"""What the service answered for a night's rows, in words."""

from collections.abc import Iterator
from datetime import date

from schemas.served import Served, ServedRows
from tasks.engine.records import newest
from tasks.store import Store
from tasks.telling.line import Line


def tell_served(store: Store, project: str, as_of: date) -> Iterator[Line]:
    """The newest that is known of the service's log; nothing where no project declares one."""
    found = newest(store, Served, project, as_of)
    if found:
        yield Line("served", f"{found[1].told.sentence}{_skew(found[1].told)}{_left_out(found[1])}")


def _skew(told: ServedRows) -> str:
    said = ""
    if told.compared:
        share = told.disagreeing / told.compared
        said += (
            f" {told.disagreeing:,} of {told.compared:,} differ from our own scoring by more than "
            f"{told.tolerance:g} ({share:.1%})."
        )
    if told.other_version:
        said += f" {told.other_version:,} by another model version."
    return said


def _left_out(record: Served) -> str:
    told = record.told
    counted = (
        (told.contradictory, "with two predictions"),
        (told.invalid, "without a key or a number"),
        (told.unknown, "of no row"),
    )
    aside = ", ".join(f"{count:,} {what}" for count, what in counted if count)
    return f" Left out: {aside}." if aside else ""
