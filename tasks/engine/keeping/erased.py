"""The keys that were erased, as salted digests: which rows have them, which models knew them.

Erasing is `tasks.engine.keeping.erase`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.contract import Contract, columns_of, name_of
from schemas.erasure import Erasure
from tasks.core.reading import read_column
from tasks.store import Store


@dataclass(frozen=True)
class ErasedKeys:
    """Keys that nobody can read, only recognise. Without any, nothing is recognised."""

    salt: str
    digests: frozenset[str]

    def mask(self, values: pd.Series) -> np.ndarray:
        """Which of these row keys are among them; a null is none."""
        if not self.digests:
            return np.zeros(len(values), dtype=bool)
        return np.array([self._has(text) for text in key_texts(values)], dtype=bool)

    def _has(self, text: str | None) -> bool:
        return text is not None and digest_key(self.salt, text) in self.digests

    def rows_of(self, values: pd.Series, contract: Contract) -> np.ndarray:
        """Which of these values of the key column are such a key, as they stand or as it is read.

        A quarantine has them as they were delivered.
        """
        if not self.digests:
            return np.zeros(len(values), dtype=bool)
        read = as_keys(values, contract)
        found = self.mask(values)
        return found if read is values else found | self.mask(read)

    def leave_out(self, frame: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, int]:
        """A delivery without the rows of such keys, and how many those were."""
        key = name_of(contract, "key")
        if not self.digests or key not in frame.columns:
            return frame, 0
        found = self.rows_of(frame[key], contract)
        return (frame[~found], int(found.sum())) if found.any() else (frame, 0)


def as_keys(values: pd.Series, contract: Contract) -> pd.Series:
    """Values of the key column as the contract reads them."""
    return read_column(values, columns_of(contract)[name_of(contract, "key")])


def digest_key(salt: str, text: str) -> str:
    """What a record may hold of a key."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def key_texts(values: pd.Series) -> list[str | None]:
    """Row keys as people write them, whatever type the contract gave them: `3.0` is 3."""
    return [_text(value) for value in values.astype(object)]


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or value != value:  # NaN is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def erasures_of(store: Store, project: str) -> list[tuple[str, Erasure]]:
    """Every erasure in order. Errors as of any record: a lost one would let rows come back."""
    return [(key, store.record(key, Erasure)) for _, key in store.places("erasures", project)]


def erased_keys(store: Store, project: str) -> ErasedKeys:
    """All keys that were erased so far; an erasure takes its salt from the one before."""
    return gather(erasure for _, erasure in erasures_of(store, project))


def gather(erasures: Iterable[Erasure]) -> ErasedKeys:
    """The keys of several erasures of one project."""
    known = list(erasures)
    digests = (digest for erasure in known for digest in erasure.keys)
    return ErasedKeys(known[0].salt if known else "", frozenset(digests))


def erasures_known_to(store: Store, project: str, version: str | None) -> tuple[str, ...]:
    """Keys of the erasures whose rows this model version was trained on."""
    return tuple(key for key, one in erasures_of(store, project) if version in one.versions)
