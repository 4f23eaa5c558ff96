"""One column of a contract from what was seen of it: its role, its limits, what to review."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.contract import Role
from tasks.inferring.guess import ColumnGuess
from tasks.inferring.keying import is_named_id, numbers_rows
from tasks.inferring.kinds import Seen
from tasks.inferring.personal import personal
from tasks.inferring.ranges import range_of, split_far, unit_of
from tasks.inferring.wording import allowed_words, normal, variants_of

_RARELY = 0.99  # share of nulls from which on a column teaches nothing
_OWN = 0.5  # share of rows with a word of their own
_FEW_OF_AN_ID = 200
_NAMED = 3
_OF_CALENDAR = frozenset(
    f"{part}{of}" for part in ("hour", "weekday") for of in ("", "_sin", "_cos")
)


@dataclass(frozen=True, eq=False)
class Context:
    """What all columns are seen against."""

    key: tuple[str, ...]
    times: "pd.Series[pd.Timestamp]"
    nights: np.ndarray
    leaks: dict[str, str]
    zone: str
    """That of times which name none."""


def guess_column(seen: Seen, context: Context) -> ColumnGuess:
    """The column, if it is neither the row's time nor its target."""
    person = personal(seen, context.times)
    if context.key == (seen.name,):
        return ColumnGuess(
            seen.name, "word", "key", unique=True, sensitive=person is not None, notes=_told(person)
        )
    role, why = _role(seen, person, context)
    notes = [*_told(person), *([why] if why else []), *_unreadable(seen)]
    is_measured = seen.kind in ("number", "whole number")
    unit = unit_of(seen.name) if is_measured else ""
    if unit:
        notes.append(f"the unit is guessed from the name: {unit}")
    low, high, allowed = None, None, tuple[str, ...]()
    if role == "feature" and is_measured:
        usual, far = split_far(seen.values)
        low, high = range_of(usual, unit, seen.kind == "whole number")
        notes += _far(far)
    elif seen.kind == "word" and role == "feature":
        allowed = allowed_words(normal(seen.values, variants_of(seen.values)), context.nights)
        if allowed:
            notes.append(
                f"only these {len(allowed)} words came; take isin away where others may come"
            )
    may_be_null = seen.nulls > 0 or bool(seen.sentinels.suspected)
    if 0 < seen.nulls < _RARELY and role == "feature":
        notes.append(f"null on {_share(seen.nulls)} of rows; is that meant?")
    return ColumnGuess(
        name=seen.name,
        kind=seen.kind,
        role=role,
        nullable=may_be_null or role == "ignored",
        low=low,
        high=high,
        allowed=allowed,
        unit=unit,
        sensitive=person is not None,
        zone=context.zone if seen.kind == "time" else None,
        notes=tuple(notes),
    )


def _role(seen: Seen, person: str | None, context: Context) -> tuple[Role, str]:
    """The role, and why a column is no feature."""
    if leak := context.leaks.get(seen.name):
        return "ignored", (
            f"{leak}: a leak? If it is known before the label, make it a feature; if not, "
            "take it out"
        )
    if person:
        return "ignored", ""
    if seen.nulls >= _RARELY:
        return "ignored", f"null on {_share(seen.nulls)} of rows"
    if seen.distinct < 2:
        return "ignored", "constant in the sample; a feature once it varies"
    if seen.kind == "time":
        return "ignored", "a second time; make a number of it, such as hours before the row's time"
    if seen.name in _OF_CALENDAR:
        return "ignored", "Calendar makes a feature of this name out of the row's time"
    if why := _names_something(seen):
        return "ignored", why
    return "feature", ""


def _names_something(seen: Seen) -> str:
    if seen.kind == "word" and seen.distinct > _OWN * seen.values.notna().sum():
        return "nearly each row has a word of its own"
    many = seen.distinct > _FEW_OF_AN_ID or seen.kind == "whole number"
    if is_named_id(seen.name) and many and seen.kind in ("word", "whole number"):
        return "an id by its name: it names things and measures none"
    return "it numbers the rows" if numbers_rows(seen) else ""


def _told(person: str | None) -> tuple[str, ...]:
    if not person:
        return ()
    return (f"seems to hold {person}; its values are shown nowhere",)


def _unreadable(seen: Seen) -> tuple[str, ...]:
    if not seen.unreadable:
        return ()
    return (f"{seen.unreadable} values of the sample are no {seen.kind} and break their rows",)


def _far(values: "pd.Series[float]") -> tuple[str, ...]:
    if values.empty:
        return ()
    shown = ", ".join(f"{value:g}" for value in values.drop_duplicates()[:_NAMED])
    one = "1 value lies far beyond all others and breaks its row"
    many = f"{len(values)} values lie far beyond all others and break their rows"
    return (f"{one if len(values) == 1 else many}: {shown}; widen the range if that is right",)


def _share(share: float) -> str:
    if 0.99 < share < 1:
        return "over 99%"
    return f"{share:.0%}" if share >= 0.01 else f"{share:.2%}" if share >= 1e-4 else "under 0.01%"
