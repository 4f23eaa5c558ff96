"""A night that is too large to be held as a whole: cleaned, proved and stored a part at a time.

The outcome is that of `tasks.engine.ingest`. Most nights take one pass over the parts; keys that
come twice take two more, and a refused night another one, which sets all rows aside.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from schemas.batch import Batch
from schemas.contract import columns_of, name_of, sensitive_names
from schemas.errors import DataUnreadable
from schemas.project import Project
from schemas.record import ObjectRef
from schemas.source import LargeNight
from tasks.core.checking import prove_rows, settle_keys, sort_out
from tasks.core.local_time import LocalNight
from tasks.core.mixed import settle_kinds, stack
from tasks.core.reading import read_column
from tasks.core.reasons import Reasons
from tasks.core.refusal import why_refused
from tasks.core.repeated_keys import Digests, find_repeated, mask_repeated
from tasks.engine.batch_record import StoredRows, record_batch
from tasks.engine.column_profiles import profile_column
from tasks.engine.frames import FrameWriter, save_frame
from tasks.engine.parts import Part, Parts, Sums
from tasks.store import Store

_SUSPECTS = 500_000
"""Rows whose keys come twice are held at once, to be compared; with more the night is refused."""


def ingest_large(store: Store, project: Project, as_of: date, large: LargeNight) -> Batch:
    """The night's record as revision 1, not yet committed.

    Raises:
        DataUnreadable: the file cannot be read, or too many of its rows share their keys.
    """
    night = Parts(store, project, as_of, large)
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        path = Path(folder) / "rows.parquet"
        sums, aside = _pass(night, path)
        if len(repeated := find_repeated(sums.digests)):
            night = _compare(night, repeated)
            sums, aside = _pass(night, path)
        refused = why_refused(sums.tally, project.policy.quarantine_limit)
        rows = (
            _set_aside(night, path, refused, sums) if refused else _keep(night, path, sums, aside)
        )
    told = {
        "files": large.files,
        "cleaning": sums.cleaning,
        "failures": sums.tally.failures,
        "ignored_columns": sums.tally.ignored,
    }
    return record_batch(store, project, as_of, rows, sums.counts(refused), refused, told)


def _pass(night: Parts, path: Path) -> tuple[Sums, list[pd.DataFrame]]:
    """Write what would be kept; the sums, and what is set aside unless all of it will be."""
    sums, most = Sums(), night.project.policy.quarantine_limit * night.large.rows
    aside: list[pd.DataFrame] = []

    def take(part: Part, kept: FrameWriter) -> None:
        proof = night.prove(part)
        sums.add(part, proof, night.key)
        checked = sort_out(proof, refused=None)
        kept.add(checked.kept)
        if sums.tally.broken > most:  # the night will be refused
            aside.clear()
        elif len(checked.quarantine):
            aside.append(checked.quarantine)

    with FrameWriter(path, ()) as kept:
        for part in night.read():
            take(part, kept)  # a function of its own: what a part takes is free before the next
    return sums, aside


def _compare(night: Parts, repeated: Digests) -> Parts:
    """The night with what becomes of rows whose keys come twice: these are compared at once."""
    contract, found, positions = night.project.contract, [], []
    column, met = columns_of(contract)[night.key], 0
    for part in night.read():
        rows = part.clean.frame
        is_suspect = mask_repeated(read_column(rows[night.key], column), repeated)
        met += int(is_suspect.sum())
        if met > _SUSPECTS:
            raise DataUnreadable(
                f"{night.large.files[0].name}: more than {_SUSPECTS:,} rows have a {night.key} "
                f"that another row has too; have each row delivered once"
            )
        found.append(prove_rows(rows[is_suspect], contract, None, _settle_nothing).frame)
        positions.append(part.start + np.flatnonzero(is_suspect))
    frame, at = stack(found), np.concatenate(positions)
    reasons = Reasons(len(frame), contract)
    again = settle_keys(frame, night.key, reasons)
    return replace(night, again=at[again], torn=at[~reasons.clean])


def _settle_nothing(frame: pd.DataFrame, _key: str, _reasons: Reasons) -> np.ndarray:
    return np.zeros(len(frame), dtype=bool)


def _set_aside(night: Parts, path: Path, refused: str, sums: Sums) -> StoredRows:
    """All rows of a refused night, with their reasons."""
    floats, texts = settle_kinds(sums.kinds)
    with FrameWriter(path, texts) as file:
        for part in night.read():
            aside = sort_out(night.prove(part), refused).quarantine
            file.add(aside.astype(dict.fromkeys(floats, np.float64)))
    return StoredRows(None, _add(night, path) if file.rows else None)


def _keep(night: Parts, path: Path, sums: Sums, aside: list[pd.DataFrame]) -> StoredRows:
    quarantine = None
    if aside:
        floats = dict.fromkeys(settle_kinds(sums.kinds)[0], np.float64)
        broken = stack([part.astype(floats) for part in aside])
        quarantine = save_frame(night.store, night.project.name, broken)
    if not sums.tally.sound:
        return StoredRows(None, quarantine)
    rules = night.project.contract
    sensitive, time = sensitive_names(rules), name_of(rules, "time")
    profile = tuple(profile_column(one, sensitive, night.key) for one in _columns(path))
    times = next(_columns(path, [time]))
    gap = LocalNight(night.as_of, night.project.timezone).largest_gap_minutes(times)
    return StoredRows(_add(night, path), quarantine, profile, gap)


def _columns(path: Path, names: list[str] | None = None) -> Iterator[pd.Series]:
    """One column of the file after the other."""
    with pq.ParquetFile(path) as file:
        for name in names or file.schema_arrow.names:
            yield file.read([name]).to_pandas()[name]


def _add(night: Parts, path: Path) -> ObjectRef:
    return night.store.add_file(night.project.name, path, "parquet")
