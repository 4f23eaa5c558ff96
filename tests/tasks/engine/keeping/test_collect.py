"""Collections: what nobody needs goes, what a record within retention names stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.batch import Batch
from schemas.collection import Collection
from schemas.errors import Damaged, Expired
from schemas.labels import Labels
from schemas.model import Card
from schemas.night import Night
from schemas.policy import Policy
from tasks.engine.closure import check_closure
from tasks.engine.keeping import collect as collecting
from tasks.engine.keeping.collect import collect, plan_collection
from tasks.engine.keeping.retention import Retention, find_unneeded, read_retention
from tasks.engine.replay.reproduce import reproduce
from tasks.store import Store, keys
from tasks.store.ledger import entries
from tasks.store.verify import verify
from tasks.store.walk import walk_records
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import HISTORY, KEPT_NIGHTS, NEWEST, POLICY, age
from tests.tasks.engine.keeping.erasing import quiet, states


def data(world: World) -> set[str]:
    return set(world.files("data"))


def unnamed(world: World) -> set[str]:
    """Objects whose key stands in no record: a first champion's null leaves its fits behind."""
    records = [content for key, content in world.files().items() if not key.startswith("data/")]
    return {key for key in data(world) if not any(key.encode() in one for one in records)}


def test_nothing_is_collected_from_a_store_that_is_not_there(world: World) -> None:
    done = collect(world.store, world.project, quiet)
    assert (done.deleted, done.spared) == ((), ())
    assert not (world.root / "store").exists()


def test_without_a_retention_only_old_leftovers_go(lived: World) -> None:
    lived.declare()
    old = lived.store.add_bytes(NAME, b"left by a killed run", "json").key
    age(lived, old)
    before, left = set(lived.files()), unnamed(lived)
    young = lived.store.add_bytes(NAME, b"left just now", "json").key
    done = collect(lived.store, lived.project, quiet)
    assert {one.key for one in done.deleted} == left
    assert {one.why for one in done.deleted} == {"unnamed"}
    assert old in left
    assert set(lived.files()) == (before - left) | {young, keys.collection(NAME, 1)}
    assert states(lived) == set()


def test_a_dry_run_changes_nothing(lived: World) -> None:
    before = lived.files()
    planned = plan_collection(lived.store, lived.project, quiet)
    assert planned.objects
    assert planned.objects == planned.untold
    assert lived.files() == before


def needed(store: Store) -> set[str]:
    """What must stay, found another way: by typed records, night by night."""
    kept: set[str] = set()
    versions = [entry.version for entry in entries(store, NAME)][-2:]
    cards = [store.record(keys.card(NAME, str(version)), Card) for version in versions]
    first = min(fit.first_night for card in cards for fit in (*card.members, *card.stand_in))
    for card in cards:
        refs = [card.reference, card.reference_sample]
        for fit in (*card.members, *card.stand_in):
            assert fit.trained_on is not None
            refs += [fit.model, fit.features, fit.trained_on]
        kept |= {ref.key for ref in refs}
    within = day(NEWEST - KEPT_NIGHTS + 1)
    for place, key in store.places("batches", NAME):
        batch = store.record(key, Batch)
        if place.as_of and place.as_of >= min(first, within):
            kept |= {batch.rows.key} if batch.rows else set()
    for place, key in store.places("labels", NAME):
        if place.as_of and place.as_of >= min(first, within):
            kept.add(store.record(key, Labels).rows.key)
    return kept


def test_what_lies_outside_of_the_retention_goes_and_the_rest_stays(lived: World) -> None:
    before = lived.files()
    stay = needed(lived.store)
    done = collect(lived.store, lived.project, quiet)
    gone = {one.key for one in done.deleted}
    assert gone
    assert not gone & stay
    assert {key.split("/")[0] for key in gone} == {"data"}
    left = lived.files()
    assert set(before) - set(left) == gone
    assert set(left) - set(before) == {keys.collection(NAME, 1)}
    oldest = lived.store.record(keys.batch(NAME, day(0), 1), Batch)
    assert oldest.rows
    assert oldest.rows.key in gone
    assert states(lived) == {"expired"}


def test_an_expired_object_is_refused_by_the_name_of_its_collection(lived: World) -> None:
    collect(lived.store, lived.project, quiet)
    lived.forget()
    rows = lived.store.record(keys.batch(NAME, day(0), 1), Batch).rows
    assert rows
    with pytest.raises(Expired, match=keys.collection(NAME, 1)):
        lived.store.fetch(rows)


def test_a_model_that_goes_takes_the_lists_of_its_nights_along(lived: World) -> None:
    walked = walk_records(lived.store, NAME, quiet)
    later = replace(read_retention(lived.store, lived.project), newest=day(NEWEST + KEPT_NIGHTS))
    stored = lived.store.backend.listed(keys.prefix("data", NAME))
    goes = {one.key for one in find_unneeded(walked, later, stored)}
    cards = [lived.store.record(key, Card) for _, key in lived.store.places("models", NAME)]
    lists = {card.version: card.members[0].trained_on for card in cards}
    kept = {version: ref is not None and ref.key not in goes for version, ref in lists.items()}
    assert kept == {card.version: card.version in later.champions for card in cards}
    assert sorted(kept.values()) == [False, True, True]


def test_nights_and_retrains_are_the_same_whether_gc_ran_or_not(
    lived: World, lived_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(lived.store, lived.project, quiet)
    for number in range(NEWEST + 1, NEWEST + 4):
        lived.live(number)
    assert [move for move, _ in lived.moves()] == ["promote"] * 4
    for version in [entry.version for entry in entries(lived.store, NAME)][-2:]:
        check_closure(lived.store, NAME, str(version))
    assert states(lived) == {"expired"}
    assert reproduce(lived.store, lived.project).differences == ()
    other = settle(tmp_path / "other", monkeypatch)
    World(lived_root).copy_to(other.root)
    other.forget()
    for number in range(NEWEST + 1, NEWEST + 4):
        other.live(number)
    records = [folder for folder in keys.FOLDERS if folder not in ("data", "collections")]
    assert lived.files(*records) == other.files(*records)


def test_a_model_is_kept_for_its_age_or_as_a_champion() -> None:
    policy, old, new = Policy.model_validate(POLICY), day(0), day(KEPT_NIGHTS)
    versions = [f"v{number:016x}" for number in range(3)]
    cards = dict(zip(versions, (old, old, new), strict=True))
    retention = Retention(policy, new, cards, frozenset(versions[:1]), frozenset())
    kept = [retention.keeps(keys.card(NAME, version)) for version in versions]
    assert kept == [True, False, True]
    judged = [retention.keeps(keys.judgement(NAME, night, 1)) for night in (old, new)]
    assert judged == [False, True]


def test_training_never_reaches_beyond_the_retention(lived: World) -> None:
    card = lived.store.record(keys.card(NAME, str(lived.champion)), Card)
    assert card.members[0].first_night == day(NEWEST - KEPT_NIGHTS + 1)


def test_a_second_run_collects_nothing_and_writes_nothing(lived: World) -> None:
    collect(lived.store, lived.project, quiet)
    before = lived.files()
    assert collect(lived.store, lived.project, quiet).deleted == ()
    assert lived.files() == before


def test_what_is_written_again_meanwhile_is_spared(
    lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = lived.store.record(keys.batch(NAME, day(0), 1), Batch).rows
    assert rows
    content = lived.store.read_bytes(rows)

    def meanwhile(planned: object) -> object:
        lived.store.add_bytes(NAME, content, "parquet")
        return planned

    monkeypatch.setattr(collecting, "_commit", lambda *_: meanwhile(None))
    done = collect(lived.store, lived.project, quiet)
    assert [one.key for one in done.spared] == [rows.key]
    assert lived.store.read_bytes(rows) == content


def test_a_record_that_cannot_be_read_stops_it(lived: World) -> None:
    path = lived.root / "store" / keys.labels(NAME, day(HISTORY), 1)
    path.write_bytes(path.read_bytes()[:-1])
    before = lived.files()
    with pytest.raises(Damaged, match="what they need cannot be known"):
        collect(lived.store, lived.project, quiet)
    assert lived.files() == before


def test_a_missing_record_that_another_names_stops_it(lived: World) -> None:
    night = lived.store.record(keys.night(NAME, day(HISTORY), 1), Night)
    (lived.root / "store" / str(night.batch)).unlink()
    with pytest.raises(Damaged, match=f"{night.batch} is missing"):
        collect(lived.store, lived.project, quiet)


def test_many_objects_are_told_in_parts(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "PART", 10)
    done = collect(lived.store, lived.project, quiet)
    parts = [
        lived.store.record(key, Collection) for _, key in lived.store.places("collections", NAME)
    ]
    assert {len(part.objects) for part in parts[:-1]} == {10}
    assert [one for part in parts for one in part.objects] == list(done.deleted)


@pytest.mark.parametrize("after", [False, True])
def test_a_run_killed_at_any_write_is_carried_on_by_the_next(
    young: World, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    for key in unnamed(young):
        young.store.delete(key)
    left = {young.store.add_bytes(NAME, b"left %d" % n, "json").key for n in range(4)}
    for key in left:
        age(young, key)
    before = young.files()
    monkeypatch.setattr(collecting, "PART", len(left) - 1)
    whole = young.store.backend
    for at in range(1, len(left) + 3):
        restore(young, before)
        young.store.backend = Brittle(whole, at=at, after=after)
        with pytest.raises(Killed):
            collect(young.store, young.project, quiet)
        young.store.backend = whole
        assert not {found.state for found in verify(young.store, NAME)}
        collect(young.store, young.project, quiet)
        parts = {keys.collection(NAME, 1), keys.collection(NAME, 2)}
        assert set(young.files()) == (set(before) - left) | parts


def restore(world: World, files: dict[str, bytes]) -> None:
    """The store as it was, a month ago."""
    for key in set(world.files()) - set(files):
        (world.root / "store" / key).unlink()
    for key in set(files) - set(world.files()):
        (world.root / "store" / key).write_bytes(files[key])
        age(world, key)
