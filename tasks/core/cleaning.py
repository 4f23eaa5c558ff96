"""Declared cleaning of delivered rows, counted by comparing each step's rows before and after.

The steps themselves are `tasks.cleaning`; what is still wrong afterwards is `tasks.core.checking`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas.batch import Cleaned
from schemas.cleaning import CleaningStep
from schemas.errors import InvalidProject
from schemas.record import digest_of
from tasks.core.reading import as_numbers

_EXAMPLES = 3


@dataclass(frozen=True)
class Clean:
    """The rows that stayed, on a RangeIndex, and what each step did."""

    frame: pd.DataFrame
    steps: tuple[Cleaned, ...]

    @property
    def dropped(self) -> int:
        """Rows that are gone."""
        return sum(step.dropped for step in self.steps)


def clean_rows(
    frame: pd.DataFrame,
    steps: Sequence[CleaningStep],
    as_of: date,
    sensitive: frozenset[str] = frozenset(),
) -> Clean:
    """Run the steps that are for this night, in order. A step is not trusted to count.

    Raises:
        InvalidProject: a step invents rows, changes a column that it does not name, or fails.
    """
    frame = frame.reset_index(drop=True)
    if not len(frame.columns):  # a file of zero bytes has nothing to clean, and lacks nothing
        return Clean(frame, ())
    done = []
    for step in steps_of(steps, as_of):
        cleaned = _run(step, frame)
        done.append(_count(step, frame, cleaned, sensitive))
        frame = cleaned
    return Clean(frame.reset_index(drop=True), tuple(done))


def add_cleaned(one: Cleaned, other: Cleaned) -> Cleaned:
    """What a step did to the rows of both."""
    added = ("before", "after", "changed")
    told = {name: getattr(one, name) + getattr(other, name) for name in added}
    examples = (*one.examples, *other.examples)[:_EXAMPLES]
    return one.model_copy(update={**told, "examples": examples})


def steps_of(steps: Sequence[CleaningStep], as_of: date) -> Iterator[CleaningStep]:
    """Those that are for this night."""
    return (step for step in steps if step.before is None or as_of < step.before)


def digest_of_step(step: CleaningStep) -> str:
    """What tells a step from another, or from itself with other numbers."""
    return digest_of(step.model_dump(mode="json"))[:12]


def replace_numbers(values: pd.Series, numbers: "pd.Series[float]") -> pd.Series:
    """The numbers where there were any; what was none stays, for the contract to name it."""
    is_text = numbers.isna() & values.notna()
    return numbers if not is_text.any() else numbers.astype(object).where(~is_text, values)


def _run(step: CleaningStep, frame: pd.DataFrame) -> pd.DataFrame:
    try:
        return step.clean(frame)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        text = " ".join(str(error).split())[:300]
        raise InvalidProject(
            f"cleaning step {step.told()} failed ({type(error).__name__}: {text}); mend it, or "
            "leave the rows to the contract"
        ) from error


def _count(
    step: CleaningStep, before: pd.DataFrame, after: pd.DataFrame, sensitive: frozenset[str]
) -> Cleaned:
    touched = step.touched(frozenset(before.columns))
    _check_shape(step, before, after, touched)
    same = before if len(after) == len(before) else before.loc[after.index]
    changed = np.zeros(len(after), dtype=bool)
    shown = sorted((touched & set(before.columns)) - sensitive)
    gone = before.index.difference(after.index)
    examples = [
        "dropped " + ", ".join(f"{name} {_written(row[name])}" for name in shown)
        for _, row in before.loc[gone[: _EXAMPLES if shown else 0], shown].iterrows()
    ]
    for name in sorted(touched & set(after.columns)):
        old = same[name] if name in same else pd.Series(None, same.index, object)
        differs = _differs(old, after[name]).to_numpy(dtype=bool)
        changed |= differs
        if name not in sensitive:
            examples += [
                f"{name} {_written(old.iloc[at])} → {_written(after[name].iloc[at])}"
                for at in np.flatnonzero(differs)[:_EXAMPLES]
            ]
    return Cleaned(
        step=step.told(),
        digest=digest_of_step(step),
        before=len(before),
        after=len(after),
        changed=int(changed.sum()),
        examples=tuple(examples[:_EXAMPLES]),
    )


def _check_shape(
    step: CleaningStep, before: pd.DataFrame, after: pd.DataFrame, touched: frozenset[str]
) -> None:
    """Nothing is invented, and no column lost that the step does not name."""
    is_subset = after.index.is_unique and after.index.isin(before.index).all()
    left, there = ([c for c in one.columns if c not in touched] for one in (before, after))
    if is_subset and left == there:
        return
    raise InvalidProject(
        f"cleaning step {step.told()} made {len(after)} rows of {len(before)}, with columns "
        f"{list(after.columns)[:20]}; a step drops rows, and changes {sorted(touched)} only"
    )


def _written(value: object) -> str:
    return "null" if pd.isna(value) else ascii(str(value))[1:-1][:80]  # type: ignore[call-overload]  # any scalar


def _differs(before: pd.Series, after: pd.Series) -> "pd.Series[bool]":
    """Which values are others now; 12 and the text 12 are one."""
    if before.dtype == after.dtype:
        equal = before == after
        return ~(equal.fillna(False).astype(bool) | (before.isna() & after.isna()))
    differs = (as_numbers(before) != as_numbers(after)) & ~(before.isna() & after.isna())
    if differs.any():  # of these, words that are no numbers may be equal
        differs[differs] = before[differs].astype("str") != after[differs].astype("str")
    return differs
