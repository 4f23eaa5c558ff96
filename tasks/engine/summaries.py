"""Nights in short, kept on this machine so that no night is summarised twice. Safe to delete."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from schemas.past import PastNights
from schemas.record import digest_of
from tasks.core.past import KEY, ROWS, TOTAL

_NIGHT = "night"
_MORE = 2
"""So many windows of nights are kept: recent ones are asked for again, a training set's once."""

_open: dict[Path, dict[str, pd.DataFrame]] = {}


def forget() -> None:
    """What a new process knows: nothing but the files."""
    _open.clear()


class Summaries:
    """The summaries of one look back, by name of the night's rows and labels (content digests)."""

    def __init__(self, cache: Path, project: str, one: PastNights) -> None:
        asked = digest_of(one.model_dump(mode="json", include={"by", "of"}))[:16]
        self._path = cache / f"past-{project}-{asked}.parquet"
        self._kept = _MORE * one.nights
        self._is_new = False

    def __enter__(self) -> Self:
        if self._path not in _open:
            _open[self._path] = _read(self._path)
        self._known = _open[self._path]
        return self

    def recall(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The night's summary, made when it is not remembered; nobody changes it."""
        short = digest_of(name)[:32]
        if short not in self._known:
            self._known[short] = make()
            self._is_new = True
        return self._known[short]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_new and error is None:
            _write(self._path, dict(list(self._known.items())[-self._kept :]))


def _read(path: Path) -> dict[str, pd.DataFrame]:
    """What a process before this one left; nothing where that cannot be read."""
    try:
        kept = pd.read_parquet(path)
        parts = kept.groupby(_NIGHT, sort=False)
        return {str(night): part[[KEY, ROWS, TOTAL]] for night, part in parts}
    except (OSError, ValueError, KeyError):
        return {}


def _write(path: Path, known: dict[str, pd.DataFrame]) -> None:
    """A cache that cannot be written is none."""
    whole = pd.concat([part.assign(**{_NIGHT: name}) for name, part in known.items()])
    draft = path.with_name(f".{secrets.token_hex(8)}.parquet")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        whole.to_parquet(draft, index=False)
        draft.replace(path)
