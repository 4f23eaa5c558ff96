"""Recorded decisions computed again: all of them, and what is said of one that was changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.judgement import Judgement
from schemas.night import Night
from schemas.record import canonical_json, digest_of
from tasks.engine.replay.reproduce import Reproduced, reproduce
from tasks.store import keys
from tests.building.fixtures import GROWN
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


def check(world: World) -> Reproduced:
    return reproduce(world.store, world.project)


def forge(world: World, key: str, **fields: Any) -> None:
    """Change a stored record and give it a digest that fits, as a forger would."""
    path = Path(world.root / "store" / key)
    body = {**json.loads(path.read_bytes()), **fields}
    del body["digest"]
    path.unlink()
    path.write_bytes(canonical_json({**body, "digest": digest_of(body)}))
    world.forget()


def test_every_decision_follows_from_its_record(lived: World) -> None:
    found = check(lived)
    assert (found.differences, found.notes) == ((), ())
    assert found.nights == GROWN + 17
    assert found.judgements == len(lived.judgements()) > 5


def test_a_trigger_state_that_was_changed_is_named_by_its_key(lived: World) -> None:
    key = keys.night(NAME, day(GROWN + 3), 1)
    trigger = lived.store.record(key, Night).trigger.model_dump(mode="json")
    forge(lived, key, trigger={**trigger, "refused_in_a_row": 4})
    said = [(d.key, d.sentence) for d in check(lived).differences]
    assert said[0] == (key, "trigger not reproduced: refused_in_a_row 0, recorded 4")
    after = keys.night(NAME, day(GROWN + 4), 1)
    assert {key for key, _ in said} == {key, after}
    assert (after, f"it follows {key} with another digest") in said


def test_a_decision_that_was_changed_is_named_by_its_key(lived: World) -> None:
    key = keys.night(NAME, day(GROWN + 16), 1)
    decision = lived.store.record(key, Night).decision.model_dump(mode="json")
    forge(lived, key, decision={**decision, "action": "wait"})
    [difference] = check(lived).differences
    assert difference.key == key
    assert "action retrain, recorded wait" in difference.sentence


def test_a_verdict_that_was_changed_is_named_by_its_key(lived: World) -> None:
    key = keys.judgement(NAME, day(GROWN + 3), 1)
    record = lived.store.record(key, Judgement)
    assert record.outcome == "refused"
    [verdict] = record.model_dump(mode="json")["verdicts"]
    forge(lived, key, verdicts=[{**verdict, "outcome": "passed"}], outcome="passed")
    said = [d.sentence for d in check(lived).differences if d.key == key]
    assert len(said) == 2
    assert said[1] == "outcome not reproduced: refused, recorded passed"


def test_a_failure_is_believed_only_of_an_attempt_that_had_passed(lived: World) -> None:
    [key] = [key for _, key in lived.store.places("judgements", NAME, day(GROWN + 6))]
    record = lived.store.record(key, Judgement)
    assert record.outcome == "passed"
    failure = record.model_copy(update={"number": 2, "outcome": "lost", "supersedes": key})
    lived.store.commit(keys.judgement(NAME, record.as_of, 2), failure)
    assert check(lived).differences == ()
    forge(lived, key, outcome="failed")
    said = [(d.key, d.sentence) for d in check(lived).differences]
    assert (key, "outcome not reproduced: passed, recorded failed") in said


def test_gates_edited_since_change_nothing_of_what_was_judged(lived: World) -> None:
    lived.declare(
        "gates=(NotWorse(confidence=0.8), Better(), MetricFloor(metric='auc', minimum=1))"
    )
    assert check(lived).differences == ()


def test_a_gate_that_is_gone_is_said_and_not_guessed(
    lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.replay.reproduce._gate_classes", lambda _: {})
    found = check(lived)
    assert found.differences == ()
    assert len(found.notes) == found.judgements
    assert "not here any more" in found.notes[0].sentence
