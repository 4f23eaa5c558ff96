"""Facts collected from a small store agree with its records."""

from pathlib import Path

import pytest

from deployments.demo.collect import collect_facts
from deployments.demo.facts import Facts
from deployments.demo.page import render_demo
from schemas.errors import NotYet
from tasks.sources.simulated import Simulated
from tests.building.fixtures import YOUNG
from tests.building.rows import day
from tests.building.world import World

LAST = YOUNG + 8


def collect(world: World, folder: Path) -> Facts:
    event = Simulated(first=day(LAST), last=None, kind="fault", sentence="Simulated: nothing.")
    return collect_facts(world.store, world.project, (event,), folder, lambda _: None)


@pytest.fixture
def lived(young: World) -> World:
    """A first champion and eight nights after it, with refreshes every third."""
    for number in range(YOUNG + 1, LAST + 1):
        young.live(number)
    return young


def test_facts_agree_with_records_and_write_nothing_into_the_store(
    lived: World, tmp_path: Path
) -> None:
    before = lived.files()
    facts = collect(lived, tmp_path / "fits")
    assert lived.files() == before
    assert [night.as_of for night in facts.nights] == [day(n) for n in range(YOUNG, LAST + 1)]
    assert facts.history == (day(0), day(YOUNG - 1))
    assert [champion.version for champion in facts.champions][-1] == lived.champion
    assert len(facts.retrains) == len(lived.judgements())
    assert len(facts.promotions) == len(facts.champions) - 1
    assert facts.nights[-1].simulated == ("Simulated: nothing.",)
    for night in facts.nights:
        assert night.read == night.kept + night.quarantined + night.deduplicated


def test_lines_hold_the_nights_whose_labels_are_in_and_agree_with_the_records(
    lived: World, tmp_path: Path
) -> None:
    facts = collect(lived, tmp_path / "fits")
    labelled = [day(number) for number in range(YOUNG + 1, LAST)]
    for line in (facts.lines.trained_once, facts.lines.schedule_only, facts.lines.driftloop):
        assert list(line) == labelled
    for point in lived.recorded(LAST).evidence.quality.points:
        assert facts.lines.driftloop[point.as_of] == pytest.approx(point.loss)


def test_schedule_alone_is_driftloop_itself_where_no_alarm_came(
    lived: World, tmp_path: Path
) -> None:
    facts = collect(lived, tmp_path / "fits")
    assert facts.promotions
    assert all(not retrain.is_early for retrain in facts.retrains)
    assert facts.lines.schedule_only == pytest.approx(facts.lines.driftloop)


def test_both_models_are_compared_on_the_nights_after_a_promotion(
    lived: World, tmp_path: Path
) -> None:
    for promotion in collect(lived, tmp_path / "fits").promotions:
        after = range((promotion.as_of - day(0)).days + 1, LAST)
        assert promotion.nights == min(7, len(after))
        assert (promotion.gain is None) == (len(after) == 0)


def test_the_page_of_a_real_store_renders(lived: World, tmp_path: Path) -> None:
    assert f'id="night-{day(LAST)}"' in render_demo(collect(lived, tmp_path / "fits"))


def test_without_a_champion_there_is_no_story_yet(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotYet, match="no night was decided"):
        collect(world, tmp_path / "fits")
