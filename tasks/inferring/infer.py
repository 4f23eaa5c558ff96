"""A contract and a policy from a sample: the order in which things are guessed.

Each guess is a module beside this one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from tasks.core.checking import REASON
from tasks.inferring.asked import Asked, nights_of, read_instants
from tasks.inferring.columns import Context, guess_column
from tasks.inferring.guess import Answer, ColumnGuess, Guess
from tasks.inferring.keying import find_repeats, guess_key
from tasks.inferring.kinds import Seen, see
from tasks.inferring.labels import Target, guess_delay, labelled_nights, read_target
from tasks.inferring.leaks import suspected_leaks
from tasks.inferring.numbers import guess_policy
from tasks.inferring.personal import personal
from tasks.inferring.steps import guess_steps
from tasks.inferring.zones import names_zone
from tasks.sources.keyed import KEY


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows with a time, as delivered, in its order on a RangeIndex; `nights` holds their dates."""

    frame: pd.DataFrame
    times: "pd.Series[pd.Timestamp]"
    nights: np.ndarray
    zone: Answer


def infer(
    frame: pd.DataFrame, asked: Asked, zone: Answer, *, divides: bool, every: Sequence[date]
) -> Guess:
    """Everything from these rows; `every` are the nights that are there, sampled or not.

    `divides`: the source divides rows into nights, and makes instants of their times.

    Raises:
        DataUnreadable: the times cannot be read, or the target teaches nothing.
    """
    rows = _read(frame, asked, zone)
    target = read_target(rows.frame[asked.target], asked.target)
    labels = target.labels
    seen = dict(_see_all(rows, asked))
    key, key_why = _key(rows, seen, asked)
    makes_key = len(key) > 1 or key == (asked.time,)
    delay = guess_delay(labels, rows.nights)
    if asked.delay is not None:
        delay = Answer.given(str(asked.delay))
    rows_a_night = int(pd.Series(rows.nights).value_counts().median())
    labelled = labelled_nights(labels, rows.nights) * len(every) // len(set(rows.nights))
    repeats = find_repeats(rows.frame, rows.nights, key)
    if any(personal(seen[name], rows.times) for name in key if name in seen):
        repeats = replace(repeats, examples=())
    key_name = KEY if makes_key else key[0]
    return Guess(
        columns=tuple(_columns(rows, seen, asked, key, target, divides=divides)),
        left_out=tuple(_left_out(rows.frame, makes_key=makes_key)),
        task=target.task,
        time=asked.time,
        target=asked.target,
        key=key,
        key_why=key_why,
        zone=rows.zone,
        period=asked.period,
        delay=delay,
        has_clock=bool((rows.times.dt.tz_convert(rows.zone.value).dt.hour != 0).any()),
        cleaning=tuple(guess_steps(list(seen.values()), key, key_name, repeats)),
        policy=tuple(guess_policy(rows_a_night, labelled, asked.period)),
        nights=tuple(every),
        rows_a_night=rows_a_night,
        labelled_nights=labelled,
    )


def _read(frame: pd.DataFrame, asked: Asked, zone: Answer) -> _Rows:
    times = read_instants(frame, asked.time, zone.value)
    order = np.argsort(times, kind="stable")[: int(times.notna().sum())]  # nulls come last
    times = times.iloc[order].reset_index(drop=True)
    nights = nights_of(times, asked.period, zone.value)
    return _Rows(frame.iloc[order].reset_index(drop=True), times, nights, zone)


def _see_all(rows: _Rows, asked: Asked) -> Iterator[tuple[str, Seen]]:
    for name in rows.frame.columns:
        if name not in (asked.time, asked.target, REASON, ""):
            yield name, _no_flag_for_good(see(name, rows.frame[name], rows.zone.value))


def _no_flag_for_good(one: Seen) -> Seen:
    """A year since the first, or a version, is no flag: it goes on to 2."""
    if one.kind != "flag" or (one.values.dropna().diff() < 0).any():
        return one
    return replace(one, kind="whole number")


def _key(rows: _Rows, seen: dict[str, Seen], asked: Asked) -> tuple[tuple[str, ...], Answer]:
    if asked.key:
        return asked.key, Answer.given(",".join(asked.key))
    fit = [one for one in seen.values() if not personal(one, rows.times)]
    return guess_key(rows.frame, fit, rows.nights, asked.time)


def _columns(
    rows: _Rows,
    seen: dict[str, Seen],
    asked: Asked,
    key: tuple[str, ...],
    target: Target,
    *,
    divides: bool,
) -> Iterator[ColumnGuess]:
    """Key and time first, then the others in the order of the file, the target last."""
    makes_key = len(key) > 1 or key == (asked.time,)
    features = {name: one for name, one in seen.items() if name not in key}
    leaks = suspected_leaks(features, target.labels, target.task, rows.nights)
    context = Context(key, rows.times, rows.nights, leaks, rows.zone.value)
    if makes_key:
        yield ColumnGuess(KEY, "word", "key", unique=True)
    else:
        yield guess_column(seen[key[0]], context)
    is_named = divides or names_zone(rows.frame[asked.time])
    yield ColumnGuess(asked.time, "time", "time", zone=None if is_named else rows.zone.value)
    for name, one in seen.items():
        if (name,) != key and not (makes_key and name == KEY):
            yield guess_column(one, context)
    yield _target(asked.target, target)


def _target(name: str, target: Target) -> ColumnGuess:
    if target.task == "multiclass":
        note = "its classes are the words that the sample has: a label of another word is refused"
        return ColumnGuess(name, "word", "target", allowed=target.classes, notes=(note,))
    low = 0.0 if target.task == "regression" and target.labels.min() >= 0 else None
    return ColumnGuess(name, "flag" if target.task == "binary" else "number", "target", low=low)


def _left_out(frame: pd.DataFrame, *, makes_key: bool) -> Iterator[tuple[str, str]]:
    for name in frame.columns:
        if name == "":
            yield name, "a column without a name cannot be declared"
        elif name == REASON:
            yield name, "a column of this name is left out of every delivery"
        elif name == KEY and makes_key:
            yield name, "the source makes a column of this name out of the key"
