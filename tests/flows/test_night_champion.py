"""A champion that cannot score: refused before parsing, named, and every way out of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from flows.promote import promote
from flows.rollback import rollback
from schemas.batch import Batch
from schemas.errors import Declined, ModelUnusable
from schemas.ledger import Standing
from schemas.model import Card
from schemas.project import Matrix
from tasks.families.xgboost import XGBoost
from tasks.store import keys
from tasks.store.ledger import read_standing
from tasks.store.verify import verify
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World

NEXT = SERVED + 1


def standing(world: World) -> Standing:
    return read_standing(world.store, NAME)


def card_of(world: World, version: str | None = None) -> Card:
    return world.store.record(keys.card(NAME, version or world.champion or ""), Card)


def stored(world: World, part: str) -> Path:
    """The file of a part of the champion."""
    card = card_of(world)
    refs = {
        "model": card.members[0].model.key,
        "features": card.members[0].features.key,
        "reference": card.reference.key,
        "sample": card.reference_sample.key,
        "stand-in": card.stand_in[0].model.key,
        "card": keys.card(NAME, card.version),
    }
    return world.root / "store" / refs[part]


def damage(path: Path) -> None:
    """Change one byte in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))


PARTS = ("model", "features", "reference", "sample", "card")


@pytest.mark.parametrize("harm", [damage, Path.unlink])
@pytest.mark.parametrize("part", PARTS)
def test_files_damaged_or_gone_stop_scoring_by_name_and_propose_a_roll_back(
    served: World, part: str, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    harmed = stored(served, part)
    harm(harmed)
    served.forget()
    monkeypatch.setattr(XGBoost, "predict", _never)
    night = served.live(NEXT)
    alert = next(alert for alert in night.decision.alerts if alert.kind == "unscorable")
    assert night.predictions is None
    assert night.evidence.data == "accepted"
    assert str(harmed.relative_to(served.root / "store")) in (night.evidence.unscorable or "")
    assert (alert.next_step, night.decision.action) == ("driftloop rollback", "wait")
    assert [finding.key for finding in verify(served.store, NAME)] == [
        str(harmed.relative_to(served.root / "store"))
    ]


def _never(*_: object) -> None:
    raise AssertionError("a damaged model was parsed")


def test_a_reissue_that_nobody_could_score_tells_nothing_of_quality(served: World) -> None:
    served.live(NEXT)
    model = stored(served, "model")
    whole = model.read_bytes()
    damage(model)
    served.forget()
    served.deliver(NEXT, build_orders(NEXT).assign(row_key=[f"new-{n}" for n in range(ROWS)]))
    assert served.live(NEXT + 1).predictions is None
    assert served.recorded(NEXT).revision == 2
    model.write_bytes(whole)
    served.forget()
    night = served.live(NEXT + 2)
    assert (night.predictions is None, night.evidence.quality.coverage) == (False, 1.0)


def test_rolling_back_from_a_damaged_champion_works_and_the_old_one_scores(served: World) -> None:
    before = standing(served).previous_champions[0]
    damage(stored(served, "model"))
    served.forget()
    served.live(NEXT)
    rollback.fn(NAME, "its model file is damaged", "ann")
    night = served.live(NEXT + 1)
    assert (served.champion, night.evidence.champion) == (before, before)
    assert night.predictions is not None
    assert night.decision.state == "Frozen"


def test_a_damaged_champion_is_replaced_by_a_retrain_judged_against_prior(served: World) -> None:
    damage(stored(served, "card"))
    served.forget()
    for number in range(NEXT, SERVED + 4):
        served.live(number)
    last = served.judgements()[-1]
    assert (last.retrain, last.outcome, last.rival) == ("first", "passed", ())
    assert served.live(SERVED + 4).predictions is not None


def test_a_person_may_override_with_a_new_fit_when_the_champion_is_damaged(served: World) -> None:
    damage(stored(served, "model"))
    served.forget()
    served.live(NEXT)
    entry = promote.fn(NAME, "the champion's file is damaged", "ann")
    assert entry.action == "promote"
    assert served.live(NEXT + 1).predictions is not None


def test_a_roll_back_takes_the_newest_earlier_champion_that_can_serve(served: World) -> None:
    for number in range(NEXT, SERVED + 4):
        served.live(number)
    newest, oldest = standing(served).previous_champions
    damage(served.root / "store" / keys.card(NAME, newest))
    served.forget()
    assert rollback.fn(NAME, "because", "ann").version == oldest


def test_a_version_that_cannot_serve_is_never_put_in_service(served: World) -> None:
    old = standing(served).previous_champions[0]
    damage(served.root / "store" / card_of(served, old).members[0].model.key)
    served.forget()
    before = served.moves()
    for move in (rollback, promote):
        with pytest.raises(ModelUnusable, match=old):
            move.fn(NAME, "because", "ann", old)
    assert served.moves() == before


def test_a_damaged_stand_in_leaves_scoring_alone_and_is_replaced_by_the_next_retrain(
    served: World,
) -> None:
    damage(stored(served, "stand-in"))
    served.forget()
    nights = [served.live(number) for number in range(NEXT, SERVED + 5)]
    assert all(night.predictions for night in nights)
    last = served.judgements()[-1]
    assert (last.retrain, last.outcome) == ("first", "passed")


def test_a_champion_that_its_library_no_longer_reads_is_named_and_retrained_against_prior(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = card_of(served)
    old = [served.store.read_bytes(fit.model) for fit in (*card.members, *card.stand_in)]
    predict = XGBoost.predict

    def outgrown(family: XGBoost, model: bytes, features: Matrix) -> np.ndarray:
        if model in old:
            raise ValueError("written by a version that is not here any more")
        return predict(family, model, features)

    monkeypatch.setattr(XGBoost, "predict", outgrown)
    night = served.live(NEXT)
    assert (night.predictions, night.evidence.champion) == (None, card.version)
    assert "not here any more" in (night.evidence.unscorable or "")
    assert [alert.kind for alert in night.decision.alerts] == ["unscorable"]
    for number in range(NEXT + 1, SERVED + 4):
        served.live(number)
    assert (served.judgements()[-1].retrain, served.judgements()[-1].outcome) == ("first", "passed")
    assert served.live(SERVED + 4).predictions is not None


@pytest.mark.parametrize("harmed", [5, SERVED - 1], ids=["a training night", "a gate night"])
def test_damaged_rows_fail_the_attempt_by_name_and_stop_no_night(
    served: World, harmed: int
) -> None:
    ref = served.store.record(keys.batch(NAME, day(harmed), 1), Batch).rows
    assert ref is not None
    damage(served.root / "store" / ref.key)
    served.forget()
    for number in range(NEXT, SERVED + 5):
        served.live(number)
    failed = served.judgements()[-1]
    assert failed.outcome == "failed"
    assert ref.key in failed.sentence
    assert served.recorded(SERVED + 4).trigger.refused_in_a_row == 1


def test_the_champion_again_is_declined(served: World) -> None:
    with pytest.raises(Declined, match="is the champion already"):
        promote.fn(NAME, "because", "ann", served.champion or "")
