"""Stores that were kept stay readable: every record parses, verifies, and folds as it did."""

import json
import shutil
from pathlib import Path

import pytest

from schemas.batch import Batch
from schemas.judgement import Judgement
from schemas.labels import Labels
from schemas.model import Card
from schemas.night import Night
from schemas.predictions import Predictions
from schemas.record import Record
from tasks.engine.fits import predict
from tasks.engine.revive import revive
from tasks.engine.standing import nights_in_order, walk_back
from tasks.store import Store, keys, open_store
from tasks.store.ledger import entries, read_standing
from tasks.store.verify import verify
from tests.building.project import build_project
from tests.building.rows import build_orders

KEPT = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
RECORDS: dict[keys.Folder, type[Record]] = {
    "batches": Batch,
    "labels": Labels,
    "predictions": Predictions,
    "nights": Night,
    "judgements": Judgement,
    "models": Card,
}
PROJECT = "shop"


@pytest.fixture(params=KEPT, ids=[path.name for path in KEPT])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a kept store's folder."""
    return Path(shutil.copytree(request.param, tmp_path / "kept"))


@pytest.fixture
def store(kept: Path) -> Store:
    """The copy, opened."""
    return open_store((kept / "store").as_uri(), kept / "cache")


def test_there_is_a_kept_store() -> None:
    assert KEPT


def test_every_record_can_be_read(store: Store) -> None:
    for folder, cls in RECORDS.items():
        found = [store.record(key, cls) for _, key in store.places(folder, PROJECT)]
        assert found, folder


def test_it_is_whole(store: Store) -> None:
    assert verify(store, PROJECT) == []


def test_the_ledger_folds_to_what_it_was(kept: Path, store: Store) -> None:
    expected = json.loads((kept / "expected.json").read_text())
    standing = read_standing(store, PROJECT).model_dump(mode="json")
    assert {name: standing[name] for name in expected} == expected
    assert {entry.action for entry in entries(store, PROJECT)} == {"promote", "rollback"}
    assert expected["frozen"]


def test_the_nights_are_linked_in_order(store: Store) -> None:
    in_order = [key for key, _ in nights_in_order(store, PROJECT)]
    assert [key for key, _ in walk_back(store, PROJECT)] == in_order[::-1]
    assert any(key.endswith("r02.json") for key in in_order), "a night was delivered again"


def test_its_champion_still_predicts(store: Store) -> None:
    card = store.record(keys.card(PROJECT, str(read_standing(store, PROJECT).champion)), Card)
    scores = predict(store, revive(build_project(), card), card.members, build_orders(99))
    assert ((scores > 0) & (scores < 1)).all()
