"""A project with several training windows: the mean of those that did well is judged and serves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from schemas.batch import Batch
from schemas.judgement import Contest, Judgement, Kind, Verdict
from schemas.model import Card
from schemas.period import periods
from schemas.predictions import Predictions
from tasks.core.conclusion import conclude
from tasks.engine import pruning
from tasks.engine.explain import explain
from tasks.engine.fits import predict
from tasks.engine.frames import load_frame
from tasks.engine.lineage import Lineage
from tasks.engine.model_card import model_card
from tasks.engine.predicted import PREDICTION
from tasks.engine.pull.bundle import gather
from tasks.engine.rebuild import rebuild
from tasks.engine.records import newest
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.engine.replay.simulate import simulate
from tasks.engine.replay.variants import make_variant
from tasks.store import keys
from tasks.telling.model_card import model_card_paper
from tasks.telling.retrains import tell_judgement
from tests.building.fixtures import YOUNG, cut_short, settle
from tests.building.once import built_once
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

STRICT = 1.01
"""A tolerance by which windows of these equal nights prune each other."""
MENU = "policy={'windows': (7, 16)}"
LAST = YOUNG + 16
"""The night after the fifth refresh: before the fourth three contests were over."""


def _live(root: Path) -> None:
    """A first champion, five refreshes, and a night that the last one scored."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        patch.setattr(pruning, "TOLERANCE", STRICT)
        world = settle(root, patch)
        world.declare(MENU)
        world.deliver_all(range(YOUNG))
        world.history(0, YOUNG - 1)
        for number in range(YOUNG, LAST + 1):
            world.live(number)


@pytest.fixture(scope="session")
def windowed_root(request: pytest.FixtureRequest) -> Path:
    """Read only."""
    return built_once(request, "windowed", _live)


@pytest.fixture
def windowed(windowed_root: Path, world: World) -> World:
    """A copy of it."""
    return World(windowed_root).copy_to(world.root)


def card_of(world: World) -> Card:
    return world.store.record(keys.card(NAME, world.champion or ""), Card)


def kept(judgement: Judgement) -> list[int | None]:
    return [window.nights for window in judgement.windows if window.kept]


def test_all_past_serves_alone_until_three_contests_were_over(windowed: World) -> None:
    judgements = windowed.judgements()
    assert [kept(one) for one in judgements] == [[None]] * 4 + [[None, 16]] * 2
    assert all(window.loss is not None for one in judgements for window in one.windows)


def test_a_challenger_is_an_earlier_refit_and_a_pruned_window_is_fitted_every_second_time(
    windowed: World,
) -> None:
    judgements = windowed.judgements()
    fitted = [[window.nights for window in one.windows] for one in judgements]
    assert fitted == [[None, 16, 7]] * 4 + [[None, 16], [None, 16, 7]]
    assert [one.row_rounds > 0 for one in judgements] == [True, True] + [False] * 4


def test_the_card_keeps_members_their_stand_in_and_what_was_pruned(windowed: World) -> None:
    card, last = card_of(windowed), windowed.judgements()[-1]
    assert [fit.id for fit in card.stand_in] == [fit.id for fit in last.members]
    assert [fit.nights for fit in (*card.members, *card.pruned)] == [35, 16, 7]
    assert {fit.last_night for fit in card.fits[:2]} == {day(LAST - 2)}
    told = str(model_card_paper(model_card(windowed.store, NAME, card.version)))
    assert "kept: the best before" in told
    assert "pruned: 1.0" in told
    assert "newest 7: pruned" in "\n".join(line.text for line in tell_judgement(last))
    uses = Lineage(windowed.store, NAME).models_that_know(day(LAST - 3))[-1].uses
    assert [use.role for use in uses] == ["served", "served", "pruned", "gate"]


def test_a_night_is_scored_by_the_mean_which_is_explained_and_made_again(windowed: World) -> None:
    store, project, card = windowed.store, windowed.project, card_of(windowed)
    scored, batch = (newest(store, cls, NAME, day(LAST)) for cls in (Predictions, Batch))
    assert isinstance(scored, tuple)
    assert isinstance(scored[1], Predictions)
    assert isinstance(batch, tuple)
    assert isinstance(batch[1], Batch)
    assert batch[1].rows is not None
    rows = load_frame(store, batch[1].rows)
    apart = [predict(store, project, (fit,), rows) for fit in card.members]
    expected = load_frame(store, scored[1].rows)[PREDICTION].to_numpy()
    np.testing.assert_allclose(expected, np.mean(apart, axis=0), rtol=1e-12)
    assert np.abs(apart[0] - apart[1]).max() > 0.01
    told = explain(store, project, str(rows["row_key"].iloc[0]), day(LAST))
    assert (told.how, told.unit) == ("switched", "probability")
    assert told.prediction == pytest.approx(expected[0])
    assert rebuild(store, project, card.version).is_equal
    names = {"model-01.ubj", "model-02.ubj", "features-01.json", "features-02.json"}
    assert names <= gather(store, NAME, card.version).files.keys()


def test_replayed_it_meets_the_same_contests(
    windowed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Contest | None] = []

    def note(kind: Kind, contest: Contest | None, said: Sequence[Verdict]) -> tuple[str, str]:
        unknown = {"memorised": None, "open_faults": None, "approved": None}
        held.append(contest and contest.model_copy(update=unknown))
        return conclude(kind, contest, said)

    monkeypatch.setattr("tasks.engine.replay.attempts.conclude", note)
    monkeypatch.setattr(pruning, "TOLERANCE", STRICT)
    project = windowed.project
    fits = Fits(StoredPast(windowed.store, project), setting_of(project), windowed.root / "fits")
    nights = list(periods(day(YOUNG + 1), day(LAST)))
    simulate(fits, make_variant("own", project.policy), nights, {})
    recorded = [
        one.contest and one.contest.model_copy(update={"memorised": None, "open_faults": None})
        for one in windowed.judgements()
    ]
    assert held == recorded


def test_with_one_window_records_say_nothing_of_windows(served: World) -> None:
    records = served.files("models", "judgements", "nights").values()
    assert not any(b'"windows"' in body or b'"pruned"' in body for body in records)
