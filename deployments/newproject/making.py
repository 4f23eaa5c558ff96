"""From a sample to two files: looked at, asked, guessed, written. Nothing is run here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from deployments.newproject.asking import Ask, ask_rest, ask_zone
from deployments.newproject.contract_file import write_contract
from deployments.newproject.folder import place
from deployments.newproject.project_file import write_project
from deployments.newproject.sampling import Sample, limit_for, thin
from schemas.errors import DataUnreadable
from schemas.period import counted_in
from tasks.inferring.asked import Asked, check_columns, nights_of, read_instants
from tasks.inferring.guess import Answer, Guess
from tasks.inferring.infer import infer
from tasks.inferring.zones import guess_zone


@dataclass(frozen=True)
class Made:
    """What was guessed, from how many rows, and the files that came of it."""

    guess: Guess
    looked_at: str
    files: tuple[Path, ...]
    replaced: tuple[Path, ...]


def make(name: str, sample: Sample, asked: Asked, paths: Sequence[Path], ask: Ask | None) -> Made:
    """Guess everything and write both files; `ask` is for a terminal.

    Raises:
        InvalidName: a column that was named is not there.
        DataUnreadable: no time, or no target to learn.
    """
    frame = sample.frame.set_axis(sample.frame.columns.astype("str"), axis=1)
    check_columns(frame, asked)
    zone = _zone(frame, asked, ask)
    divides = sample.origin.divides(asked.period)
    nights = _nights(frame, asked, zone.value, divides=divides)
    if sample.nights and not divides:
        every = tuple(counted_in(asked.period, night) for night in sample.nights)
    else:
        every = tuple(sorted({night for night in nights if not pd.isna(night)}))
    rows = thin(nights, limit_for(len(frame.columns)))
    looked_at = frame if rows.all() else frame[rows]
    guess = infer(looked_at, asked, zone, divides=divides, every=every)
    if ask:
        more = ask_rest(asked, guess.key_why, guess.delay, list(frame.columns), ask)
        if more != asked:
            guess = infer(looked_at, more, zone, divides=divides, every=every)
    texts = {
        paths[0]: write_contract(name, guess),
        paths[1]: write_project(name, guess, sample.origin),
    }
    replaced = place(texts)
    told = sample.told if rows.all() else f"{rows.sum():,} of {sample.told}, by whole nights"
    return Made(guess, told, tuple(texts), tuple(replaced))


def _zone(frame: pd.DataFrame, asked: Asked, ask: Ask | None) -> Answer:
    if asked.zone:
        return Answer.given(asked.zone)
    guess = guess_zone(frame[asked.time])
    if guess.is_sure or ask is None:
        return guess
    return Answer.given(ask_zone(guess, ask))


def _nights(frame: pd.DataFrame, asked: Asked, zone: str, *, divides: bool) -> np.ndarray:
    """The night of each row, null where its time cannot be read."""
    times = read_instants(frame, asked.time, zone)
    lost = int(times.isna().sum())
    if divides and lost:
        first = int(np.flatnonzero(times.isna())[0]) + 1
        raise DataUnreadable(
            f"time {asked.time!a}: {lost} rows have no readable time, first row {first}; a "
            "file of many nights cannot be divided then: mend these rows, or leave them out"
        )
    return nights_of(times, asked.period, zone)
