"""A retrain's page: how it ended first, then cause, gates, gate nights, lineage, the next step."""

import pytest

from schemas.errors import StoreError
from schemas.evaluation import Compared, Measure, Slice, Spread
from schemas.examination import FeatureGain, LeakAlarm
from schemas.judgement import Judgement, Verdict
from schemas.self_test import SelfTest, Trial
from tasks.engine.rollback import roll_back
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.telling.retrain_page import retrain_page
from tasks.telling.retrains import tell_judgement
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.telling.reading import HOSTILE, PAGE_TAGS, Seen, texts_of


def _page(world: World, key: str) -> Seen:
    made = retrain_page(world.store, world.project, key)
    seen = Seen(made.markdown)
    assert made.markdown.startswith("**")
    assert seen.text.startswith(Seen(made.sentence).text)
    assert set(seen.tags) <= PAGE_TAGS
    return seen


def test_a_promotion_is_told_with_its_gates_and_its_lineage(served: World) -> None:
    seen = _page(served, keys.ledger(NAME, 2))
    assert seen.text.startswith(f"Promoted {served.champion}, which serves from the next night.")
    assert f"Cause: schedule, asked for by night {day(SERVED)}. Kind: refresh." in seen.text
    assert "not_worse passed not worse than the stand-in" in seen.text
    assert "loss ratio" in seen.text
    assert "(limit 5)" in seen.text
    assert "Stand-in met" in seen.text
    assert f"New champion {served.champion}, ledger 2" in seen.text
    assert f"driftloop champion {NAME} driftloop rollback {NAME} --reason ..." in seen.text
    nights, calibration = seen.pictures
    assert {"challenger", "stand-in"} <= set(texts_of(nights))
    assert "Predicted and observed share" in texts_of(calibration)


def test_the_judgement_and_its_ledger_entry_have_one_page(served: World) -> None:
    judged = keys.judgement(NAME, day(SERVED), 1)
    pages = [
        retrain_page(served.store, served.project, key) for key in (judged, keys.ledger(NAME, 2))
    ]
    assert pages[0] == pages[1]


def test_a_first_champion_met_the_constant(young: World) -> None:
    seen = _page(young, keys.ledger(NAME, 1))
    assert "Champion before none" in seen.text
    nights, _, gains, memorised = seen.pictures
    assert "constant" in texts_of(nights)
    assert "amount" in texts_of(gains)
    assert "planted labels taken over" in texts_of(memorised)
    assert "No leak alarm on 5 features, 560 training rows of 14 nights" in seen.text
    assert "No gain shown, the interval includes 0:" in seen.text


def test_a_leak_alarm_stands_before_the_gates(young: World) -> None:
    [judged] = young.judgements(YOUNG)
    assert judged.examination is not None
    alarm = LeakAlarm(
        rule="copy_of_target", column="<b>x", number=1, limit=1, sentence="it follows"
    )
    leaky = judged.examination.model_copy(update={"alarms": (alarm,)})
    key = keys.judgement(NAME, day(YOUNG), 2)
    young.store.commit(key, judged.model_copy(update={"number": 2, "examination": leaky}))
    seen = _page(young, key)
    assert "<b>x copy of target it follows" in seen.text
    assert seen.text.index("Look at these before you trust") < seen.text.index("beats_prior passed")
    [told] = [line for line in tell_judgement(young.judgements(YOUNG)[1]) if line.step == "LEAK?"]
    assert told.text == "<b>x (copy of target): it follows"


def test_a_refusal_says_which_gate_and_keeps_the_champion(young: World) -> None:
    young.declare("gates=(RefuseRefreshes(), BeatsPrior())")
    for number in range(YOUNG + 1, SERVED + 1):
        young.live(number)
    seen = _page(young, keys.judgement(NAME, day(SERVED), 1))
    assert seen.text.startswith("Refused (refresh): refuse_refreshes: the test says so.")
    assert f"Champion before {young.champion}" in seen.text
    assert "New champion" not in seen.text
    assert f"driftloop why {NAME} {day(SERVED)}" in seen.text


def test_a_promotion_by_hand_has_a_reason_in_place_of_a_judgement(served: World) -> None:
    first, _ = entries(served.store, NAME)
    entry = roll_back(
        served.store, served.project, day(SERVED), first.version, "it <b>was</b> better", "ann"
    )
    seen = _page(served, keys.ledger(NAME, entry.seq))
    assert "by ann: it <b>was</b> better" in seen.text


def test_a_record_that_is_not_there_is_an_error(served: World) -> None:
    with pytest.raises(StoreError):
        retrain_page(served.store, served.project, keys.ledger(NAME, 9))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_record_becomes_markup(young: World, text: str) -> None:
    text = text.encode(errors="replace").decode()  # no record can hold half a letter
    [judged] = young.judgements(YOUNG)
    verdict = Verdict(
        gate=text, outcome="refused", sentence=text, numbers={text: 1.0}, limits={text: 2.0}
    )
    trial = Trial(who="itself", outcome="passed", finding="wrong", gates=(text,), sentence=text)
    assert judged.examination is not None
    assert judged.contest is not None
    assert judged.contest.evaluation is not None
    evaluation = judged.contest.evaluation
    gain = Measure(value=1, spreads=(Spread(over="nights", units=6, error=0.1),))
    metrics = (Compared(metric="log_loss", challenger=gain, rival=gain, gain=gain),)
    part = Slice(column=text, word=text, rows=9, nights=6, metrics=metrics)
    hostile = evaluation.model_copy(update={"slices": (part,), "notes": (text,)})
    spoiled = judged.model_copy(
        update={
            "number": 2,
            "sentence": text,
            "recipe": text,
            "verdicts": (verdict,),
            "self_test": SelfTest(trials=(trial,)),
            "examination": judged.examination.model_copy(
                update={
                    "alarms": (
                        LeakAlarm(rule="id_like", column=text, number=1, limit=1, sentence=text),
                    ),
                    "gains": (FeatureGain(feature=text, gain=1, lower=0, upper=2),),
                }
            ),
            "contest": judged.contest.model_copy(update={"evaluation": hostile}),
            "cause": judged.cause.model_copy(update={"subject": text, "actor": text}),
        }
    )
    key = keys.judgement(NAME, day(YOUNG), 2)
    young.store.commit(key, Judgement.model_validate(spoiled.model_dump()))
    seen = _page(young, key)
    assert seen.links == []
    assert len(seen.pictures) == 5
    assert seen.tags.count("h3") == 8
