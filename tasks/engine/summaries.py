"""Nights in short, kept on this machine so that no night is summarised twice. Safe to delete."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from schemas.past import PastNights
from schemas.record import digest_of
from tasks.core.past import NO_NIGHTS

_NIGHT = "night"
_MORE = 2
"""So many windows of nights are kept: recent ones are asked for again, a training set's once."""


@dataclass
class _Kept:
    """Summaries of nights, one below the other, and the places of each."""

    whole: pd.DataFrame
    places: dict[str, range]

    def add(self, new: dict[str, pd.DataFrame]) -> None:
        """More nights, below the others."""
        start = len(self.whole)
        for name, summary in new.items():
            self.places[name] = range(start, start + len(summary))
            start += len(summary)
        self.whole = pd.concat([self.whole, *new.values()], ignore_index=True)

    def take(self, names: Sequence[str]) -> pd.DataFrame:
        """The summaries of those that are kept."""
        places = [self.places[name] for name in names if name in self.places]
        at = [np.arange(place.start, place.stop) for place in places]
        return self.whole.take(np.concatenate(at) if at else [])


_open: dict[Path, _Kept] = {}


def forget() -> None:
    """What a new process knows: nothing but the files."""
    _open.clear()


def gather(
    cache: Path,
    project: str,
    one: PastNights,
    names: Sequence[str],
    make: Callable[[int], pd.DataFrame | None],
) -> pd.DataFrame:
    """The summaries of these nights, one below the other, in their order.

    `names` are digests of each night's rows and labels; `make` summarises the night at that place,
    or gives None where its data is no more.
    """
    asked = digest_of(one.model_dump(mode="json", include={"by", "of"}))[:16]
    path = cache / f"past-{project}-{asked}.parquet"
    if path not in _open:
        _open[path] = _read(path)
    kept = _open[path]
    made = {name: make(at) for at, name in enumerate(names) if name not in kept.places}
    if new := {name: summary for name, summary in made.items() if summary is not None}:
        kept.add(new)
        _write(path, kept, list(kept.places)[-_MORE * one.nights :])
    return kept.take(names)


def _read(path: Path) -> _Kept:
    """What a process before this one left; nothing where that cannot be read."""
    try:
        stored = pd.read_parquet(path, columns=[_NIGHT, *NO_NIGHTS.columns])
    except (OSError, ValueError, KeyError):
        return _Kept(NO_NIGHTS.copy(), {})
    nights = stored.pop(_NIGHT).to_numpy(dtype=object)
    begins = np.flatnonzero(np.concatenate([[True], nights[1:] != nights[:-1]]))[: len(nights)]
    ends = [*begins[1:], len(nights)]
    places = {str(nights[b]): range(b, e) for b, e in zip(begins, ends, strict=True)}
    return _Kept(stored, places)


def _write(path: Path, kept: _Kept, names: Sequence[str]) -> None:
    """Keep these for the next process. A cache that cannot be written is none."""
    nights = np.repeat(names, [len(kept.places[name]) for name in names])
    draft = path.with_name(f".{secrets.token_hex(8)}.parquet")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        kept.take(names).assign(**{_NIGHT: nights}).to_parquet(draft, index=False)
        draft.replace(path)
