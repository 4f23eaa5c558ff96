"""The gates' self-test as nights live through it: a gate that lets everything pass is found out."""

import pytest

from deployments.status import project_status
from flows.freeze import unfreeze
from schemas.judgement import Judgement
from tasks.engine import promote
from tasks.engine.outbox import open_round
from tasks.engine.replay.reproduce import reproduce
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.telling.messages import write_message
from tasks.telling.retrain_page import retrain_page
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

NEXT, JUDGED = YOUNG + 1, YOUNG + 2
EDITED = "rounds=30, policy={'change_nights': 8}"
BROKEN = f"{EDITED}, gates=(NotWorse(), PassChanges(), BeatsPrior())"


def _live(world: World, first: int, last: int) -> Judgement:
    for number in range(first, last + 1):
        world.live(number)
    return world.judgements()[-1]


def test_a_gate_that_lets_everything_pass_freezes_promotion_before_anything_is_promoted(
    young: World,
) -> None:
    before = young.champion
    young.declare(BROKEN)
    judged = _live(young, NEXT, JUDGED)
    assert judged.self_test is not None
    found = {trial.who: trial.finding for trial in judged.self_test.trials}
    assert found == {"itself": "wrong", "noise": "wrong", "shuffled": "wrong", "oracle": "right"}
    assert judged.outcome == "failed"
    assert "the champion against itself is let pass by pass_changes" in judged.sentence
    assert young.champion == before
    entry = entries(young.store, NAME)[-1]
    assert (entry.action, entry.actor) == ("freeze", "self-test")
    assert f"{entry.reason}." == judged.sentence
    assert young.live(JUDGED + 1).decision.state == "Frozen"
    assert [move for move, _ in young.moves()] == ["promote", "freeze"]
    assert reproduce(young.store, young.project).differences == ()


def test_one_message_says_which_gate_let_what_pass_and_what_to_do(young: World) -> None:
    young.declare(BROKEN)
    _live(young, NEXT, JUDGED)
    opened = open_round(young.store, young.project)
    assert opened is not None
    [topic] = [one for one in opened.topics if one.kind == "freeze"]
    message = write_message(young.store, young.project, topic)
    assert "the gates cannot be trusted" in message.title
    for part in (
        "let pass by pass_changes",
        f"driftloop why {NAME} {day(JUDGED)}",
        f"driftloop unfreeze {NAME} --reason",
    ):
        assert part in message.body
    [status] = project_status(NAME)
    assert "failed their self-test" in (status.frozen or "")
    page = retrain_page(young.store, young.project, keys.judgement(NAME, day(JUDGED), 1))
    assert "a model of shuffled labels" in page.markdown
    assert f"driftloop unfreeze {NAME}" in page.markdown


def test_once_the_gates_are_mended_and_promotion_unfrozen_the_change_is_judged(
    young: World,
) -> None:
    young.declare(BROKEN)
    _live(young, NEXT, JUDGED + 1)
    young.declare(EDITED)
    unfreeze.fn(NAME, "gates mended", "ann")
    judged = _live(young, JUDGED + 2, JUDGED + 2)
    assert judged.self_test is not None
    assert judged.self_test.wrong == ()
    assert judged.outcome in ("passed", "refused")
    assert [move for move, _ in young.moves()][:3] == ["promote", "freeze", "unfreeze"]


def test_gates_that_are_not_mended_are_found_out_again(young: World) -> None:
    young.declare(BROKEN)
    _live(young, NEXT, JUDGED)
    unfreeze.fn(NAME, "let us see", "ann")
    _live(young, JUDGED + 1, JUDGED + 1)
    assert [move for move, _ in young.moves()] == ["promote", "freeze", "unfreeze", "freeze"]


def test_a_run_that_dies_before_the_freeze_is_made_good_by_the_next(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    young.declare(BROKEN)
    _live(young, NEXT, JUDGED - 1)
    with monkeypatch.context() as patch:
        patch.setattr(promote, "freeze_if_untrusted", die)
        with pytest.raises(KeyboardInterrupt):
            young.live(JUDGED)
    assert [move for move, _ in young.moves()] == ["promote"]
    young.live(JUDGED)
    young.live(JUDGED)
    assert [move for move, _ in young.moves()] == ["promote", "freeze"]
    assert len(young.judgements()) == 2


def test_a_refresh_is_judged_without_a_self_test(served: World) -> None:
    assert [judged.self_test for judged in served.judgements()] == [None, None]
