"""The flowchart of a night: the path that was taken is the one that is marked."""

import re

import pytest

from schemas.batch import Batch
from schemas.judgement import Judgement
from schemas.night import Night
from tasks.engine.reconcile import entry_for
from tasks.telling.night_diagram import Told, draw_night
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


def _told(world: World, number: int) -> Told:
    night = world.recorded(number)
    judgements = [key for _, key in world.store.places("judgements", NAME, day(number))]
    return Told(
        night=night,
        batch=world.store.record(night.batch, Batch) if night.batch else None,
        judgement=world.store.record(judgements[-1], Judgement) if judgements else None,
        entry=entry_for(world.store, NAME, judgements[-1]) if judgements else None,
    )


def _taken(diagram: str) -> set[str]:
    [names] = re.findall(r"class (\S+) taken", diagram)
    return set(names.split(","))


START = {"ingest", "score", "monitor", "decide"}


def test_a_promotion_ends_at_the_new_champion(served: World) -> None:
    diagram = draw_night(_told(served, SERVED))
    assert _taken(diagram) == START | {"retrain", "promoted"}
    assert 'decide -->|"schedule"| retrain' in diagram
    assert 'retrain["Retrain: refresh, passed"]' in diagram
    assert f'promoted["New champion: {(served.champion or "")[:9]}, ledger 2"]' in diagram
    assert "linkStyle 0,1,2,3,5 stroke:#1478bd" in diagram


def test_a_quiet_night_keeps_the_champion(served: World) -> None:
    diagram = draw_night(_told(served, SERVED - 1))
    assert _taken(diagram) == START | {"stays"}
    assert 'decide -->|"wait"| stays' in diagram
    assert 'ingest["Ingest: 40 rows kept"]' in diagram


def test_a_refusal_keeps_the_champion(young: World) -> None:
    young.declare("gates=(RefuseRefreshes(), BeatsPrior())")
    for number in range(YOUNG + 1, SERVED + 1):
        young.live(number)
    diagram = draw_night(_told(young, SERVED))
    assert _taken(diagram) == START | {"retrain", "stays"}
    assert 'retrain -->|"refused"| stays' in diagram


def test_a_decision_that_nobody_carried_out_ends_at_the_retrain(served: World) -> None:
    told = Told(_told(served, SERVED).night, None, None, None)
    diagram = draw_night(told)
    assert _taken(diagram) == START | {"retrain"}
    assert "Retrain: refresh, not judged yet" in diagram


@pytest.mark.parametrize("text", ['"] --> x', "x;\nclick ingest href", "<b>%%{init", "```"])
def test_text_from_data_ends_no_label(served: World, text: str) -> None:
    told = _told(served, SERVED)
    decision = told.night.decision.model_copy(update={"state": text})
    spoiled: Night = told.night.model_copy(update={"decision": decision})
    usual, odd = (
        draw_night(Told(night, told.batch, None, None)) for night in (told.night, spoiled)
    )
    lines = odd.splitlines()
    changed = [line for line in lines if line not in usual.splitlines()]
    assert len(lines) == len(usual.splitlines())
    assert [bool(re.fullmatch(r'  decide\["[^"`<>]*"\]', line)) for line in changed] == [True]
