"""A stored version fitted again: equal bytes, or the first input that is not what it was."""

import json

import pytest

from deployments.commands.keep import mark_erased
from schemas.errors import NotYet
from schemas.rebuilt import Rebuilt
from schemas.record import canonical_json, digest_of
from tasks.engine import rebuild as module
from tasks.engine.fits import libraries
from tasks.engine.rebuild import rebuild
from tasks.features.numbers import Numbers
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.telling.rebuilt import tell_rebuilt
from tests.building.customers import begin
from tests.building.fixtures import SERVED, YOUNG
from tests.building.older import forget_training_sets
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

PAST = "past=(PastNights(name='seen', by=('shop',), of='returned', statistic='mean'),)"
STEPS = "features=(Numbers(columns=(*NUMBERS, 'seen')), Categories(columns=('shop',)))"


def _again(world: World, version: str | None = None) -> Rebuilt:
    world.forget()
    return rebuild(world.store, world.project, version or world.champion or "")


def _told(rebuilt: Rebuilt) -> str:
    return "\n".join(f"{line.step}: {line.text}" for line in tell_rebuilt(rebuilt))


def test_three_old_versions_give_the_stored_bytes_and_the_store_stays_as_it_is(
    served: World,
) -> None:
    for number in range(SERVED + 1, SERVED + 4):
        served.live(number)
    before = served.files()
    versions = [entry.version for entry in entries(served.store, NAME)]
    assert len(versions) == 3
    for version in versions:
        rebuilt = _again(served, version)
        assert rebuilt.is_equal, _told(rebuilt)
        assert [fit.role for fit in rebuilt.fits] == ["served", "stand-in"]
    assert served.files() == before


def test_a_night_that_was_delivered_again_since_is_read_as_it_was(served: World) -> None:
    served.deliver(YOUNG - 1, build_orders(YOUNG - 1, shift=3.0))
    served.label(YOUNG - 1, build_labels(YOUNG - 1, build_orders(YOUNG - 1, shift=3.0)))
    served.night(YOUNG - 1)
    assert len(served.store.revisions("batches", NAME, day(YOUNG - 1))) == 2
    assert _again(served).is_equal


def test_a_recipe_that_was_edited_since_is_taken_from_the_card(served: World) -> None:
    served.declare("rounds=9, seed=4")
    assert _again(served).is_equal


def test_groups_and_what_rows_look_back_at_are_made_again(world: World) -> None:
    assert _again(begin(world)).is_equal


def test_what_rows_look_back_at_is_made_again_or_named(world: World) -> None:
    world.declare(f"{PAST}, {STEPS}")
    world.deliver_all(range(YOUNG + 1))
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    assert world.champion
    assert _again(world).is_equal
    world.deliver(YOUNG - 3, build_orders(YOUNG - 3).iloc[:20])
    world.label(YOUNG - 3)
    world.night(YOUNG - 3)
    assert len(world.store.revisions("batches", NAME, day(YOUNG - 3))) == 2
    assert _again(world).is_equal  # the rows look back at the revision that they looked back at


def test_what_rows_look_back_at_beyond_the_training_set_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.declare(f"{PAST}, {STEPS}")
    world.deliver_all(range(YOUNG + 1))
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    monkeypatch.setattr(module, "judged_set_id", lambda *_: "another")
    assert "an earlier night was delivered again" in _again(world).differences[0].sentence


def test_a_revision_that_is_not_the_recorded_one_is_named(served: World) -> None:
    key = keys.batch(NAME, day(3), 1)
    path = served.root / "store" / key
    body = json.loads(path.read_bytes())
    del body["digest"]
    body["id"] = "f" * 64
    path.chmod(0o644)
    path.write_bytes(canonical_json({**body, "digest": digest_of(body)}))
    [difference] = _again(served).differences
    assert difference.sentence.startswith(f"{key} is ffffffffffff now, and was ")


def test_an_erased_row_is_the_first_input_that_differs(served: World) -> None:
    mark_erased(NAME, key=[f"{day(3)}-0007"], reason="she asked for it")
    rebuilt = _again(served)
    assert not rebuilt.is_equal
    assert all(fit.model is None for fit in rebuilt.fits)
    assert "erasures/" in rebuilt.differences[0].sentence
    assert "could not be fitted again" in _told(rebuilt)


def test_a_library_and_the_source_are_named_where_bytes_differ(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "libraries", lambda: {"numpy": "0.1"})
    monkeypatch.setattr(module, "source_digest", lambda: "f" * 64)
    assert _again(served).differences == ()  # equal bytes: nothing has to be explained
    fit = Numbers.fit
    monkeypatch.setattr(Numbers, "fit", lambda *args: {**fit(*args), "another": 1})
    rebuilt = _again(served)
    names = [one.name for one in rebuilt.differences]
    assert names == [*libraries(), "source"]
    assert "features" in _told(rebuilt)
    assert "DIFFERS from" in _told(rebuilt)


def test_a_step_that_is_not_here_any_more_and_one_that_is_not_deterministic_are_told(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = Numbers.fit
    monkeypatch.setattr(Numbers, "fit", lambda *args: {**fit(*args), "another": 1})
    assert "no input that is recorded differs" in _told(_again(served))
    monkeypatch.setattr(Numbers, "fit", lambda *_: 1 / 0)
    assert "fitting failed (ZeroDivisionError" in _told(_again(served))
    served.declare("contract=OrdersWithoutWait, features=(Numbers(columns=('amount', 'hour')),)")
    assert "needs columns ['wait']" in _told(_again(served))


def test_a_store_that_did_not_record_its_nights_says_so(served: World) -> None:
    forget_training_sets(served)
    assert "not recorded by the driftloop that published it" in _told(_again(served))


def test_an_unknown_version_is_refused(young: World) -> None:
    with pytest.raises(NotYet, match="there is no model version v0000000000000000"):
        _again(young, "v0000000000000000")
