"""Keys that come twice in a table that is never seen as a whole, found by their digests."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Digests = npt.NDArray[np.uint64]


def digest_keys(keys: pd.Series) -> Digests:
    """64 bits of each key, in order; equal keys have equal ones, a null has none."""
    digests = pd.util.hash_pandas_object(keys.dropna(), index=False, categorize=False)
    return digests.to_numpy().astype(np.uint64, copy=False)


def find_repeated(parts: Sequence[Digests]) -> Digests:
    """The digests that are there more than once, each once, in order.

    Two of ten million differing keys share one in 3 of a million tables: rows must be compared.
    """
    ordered = np.concatenate([*parts, np.empty(0, np.uint64)])
    ordered.sort()
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def mask_repeated(keys: pd.Series, repeated: Digests) -> npt.NDArray[np.bool_]:
    """Which of these rows have a key whose digest is among them."""
    known = keys.notna().to_numpy()
    found = np.zeros(len(keys), dtype=bool)
    digests = digest_keys(keys)
    at = np.searchsorted(repeated, digests).clip(max=len(repeated) - 1)
    found[known] = repeated[at] == digests if len(repeated) else False
    return found
