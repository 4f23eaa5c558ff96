"""What publishing refuses: a model that kills its loader has no card and no entry."""

from dataclasses import replace
from typing import Any

import pytest

from tasks.engine import publish
from tasks.engine.attempt import fitter_of
from tasks.engine.fits import Fitter
from tasks.engine.smoke import check_in_child
from tests.building.crashing import Crashing
from tests.building.fixtures import SERVED, YOUNG
from tests.building.world import World


@pytest.fixture
def crashing_refits(young: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world where refits on all nights are stored whole, and broken; challengers are sound."""

    def crashing(*arguments: Any) -> Fitter:
        fitter = fitter_of(*arguments)
        family = Crashing.model_validate(fitter.project.family.model_dump(exclude={"kind"}))
        return replace(fitter, project=fitter.project.model_copy(update={"family": family}))

    monkeypatch.setattr(publish, "fitter_of", crashing)
    monkeypatch.setattr(publish, "check_in_child", check_in_child)  # as outside of tests
    return young


def test_a_refit_that_kills_its_loader_is_refused_and_the_champion_stays(
    crashing_refits: World,
) -> None:
    young = crashing_refits
    champion, cards = young.champion, young.files("models")
    for number in range(YOUNG + 1, SERVED + 1):
        young.live(number)
    assert (young.champion, young.files("models")) == (champion, cards)
    passed, failed = young.judgements(SERVED)
    assert (passed.outcome, failed.outcome) == ("passed", "failed")
    assert "could not be loaded in a process of its own (signal 11)" in failed.sentence
