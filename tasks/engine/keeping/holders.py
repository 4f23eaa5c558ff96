"""Where the rows of some keys stand: every stored table is looked through, named or not.

What is done about them is `tasks.engine.keeping.erase`.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow.parquet as pq

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.erasure import Erased
from schemas.errors import InvalidName
from schemas.labels import Labels
from schemas.model import Card
from schemas.night import Night
from schemas.predictions import Predictions
from schemas.profile import Profile
from schemas.project import Project
from schemas.record import ObjectRef
from schemas.served import Served
from schemas.upcoming import Upcoming
from tasks.engine.frames import load_frame
from tasks.engine.keeping.erased import ErasedKeys, as_keys, digest_key, key_texts
from tasks.engine.records import newest_by_night, records_of
from tasks.engine.training_set import may_know_any
from tasks.store import Store, keys
from tasks.store.walk import Progress

_Tables = Batch | Labels | Predictions | Served | Upcoming


@dataclass(frozen=True)
class Holders:
    """Tables that hold such rows, and the digests of the keys that were met."""

    tables: dict[str, Erased]
    met: frozenset[str]


def find_holders(store: Store, project: Project, wanted: ErasedKeys, progress: Progress) -> Holders:
    """Read the key column of every table that has one.

    Raises:
        Damaged: a table cannot be read, so nobody knows whose rows it holds.
    """
    tables: dict[str, Erased] = {}
    met: set[str] = set()
    for ref in _stored_tables(store, project.name):
        progress(ref.key)
        column = _key_column(store, ref, name_of(project.contract, "key"))
        if column is None or not (found := wanted.rows_of(column, project.contract)).any():
            continue
        tables[ref.key] = Erased(key=ref.key, bytes=ref.bytes, rows=int(found.sum()))
        held = column[found]
        texts = {*key_texts(held), *key_texts(as_keys(held, project.contract))}
        met |= {digest_key(wanted.salt, text) for text in texts if text is not None}
    return Holders(tables, frozenset(met & wanted.digests))


def _stored_tables(store: Store, project: str) -> Iterator[ObjectRef]:
    for listed in store.backend.listed(keys.prefix("data", project)):
        with suppress(InvalidName):  # a stranger's file
            place = keys.parse(listed.key)
            if place.suffix == "parquet" and place.sha256:
                yield ObjectRef(key=listed.key, sha256=place.sha256, bytes=listed.bytes)


def _key_column(store: Store, ref: ObjectRef, name: str) -> pd.Series | None:
    with pq.ParquetFile(store.fetch(ref)) as file:
        if name not in file.schema_arrow.names:
            return None
    return load_frame(store, ref, [name])[name]


@dataclass(frozen=True)
class Nights:
    """The nights of some tables: all of them, and those whose kept rows are among them.

    `rows` counts the rows in the newest batches, quarantined ones included.
    """

    all: tuple[date, ...]
    kept: tuple[date, ...]
    rows: int


def find_nights(store: Store, project: str, tables: Mapping[str, Erased]) -> Nights:
    """Every night of which some revision's rows, labels or predictions stand in these tables."""
    batches = list(records_of(store, Batch, project))
    records: list[_Tables] = list(batches)
    records += records_of(store, Labels, project)
    records += records_of(store, Predictions, project)
    records += records_of(store, Served, project)
    records += records_of(store, Upcoming, project)
    found = {one.as_of for one in records if any(r and r.key in tables for r in _refs(one))}
    kept = {batch.as_of for batch in batches if batch.rows and batch.rows.key in tables}
    newest = [batch for _, batch in newest_by_night(store, Batch, project).values()]
    held = [tables[ref.key].rows for b in newest for ref in _refs(b) if ref and ref.key in tables]
    return Nights(tuple(sorted(found)), tuple(sorted(kept)), sum(held))


def _refs(record: _Tables) -> tuple[ObjectRef | None, ...]:
    return (record.rows, record.quarantine) if isinstance(record, Batch) else (record.rows,)


def find_pages(store: Store, project: str, nights: Collection[date]) -> list[Erased]:
    """The stored reports and profiles in which rows of these nights are shown, summed up."""
    found = {}
    for ref, shown in _pages(store, project):
        if shown & set(nights) and store.exists(ref.key):
            found[ref.key] = Erased(key=ref.key, bytes=ref.bytes, rows=0)
    return list(found.values())


def _pages(store: Store, project: str) -> Iterator[tuple[ObjectRef, set[date]]]:
    """Every page with the nights whose rows it shows."""
    for _, key in store.places("nights", project):
        night = store.record(key, Night)
        if night.report:
            yield night.report, {night.as_of, *night.evidence.drift.pooled}
    for profile in records_of(store, Profile, project):
        yield profile.page, {profile.as_of}


def find_versions(store: Store, project: str, nights: Collection[date]) -> tuple[str, ...]:
    """Model versions whose training nights, or those of their stand-ins, include one of these.

    Where a card does not list its nights, all between its first and its last count.
    """
    cards = [store.record(key, Card) for _, key in store.places("models", project)]
    return tuple(card.version for card in cards if may_know_any(store, card, nights))
