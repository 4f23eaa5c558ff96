"""What pages tell people to type is what the command line takes."""

import shlex

import pytest

from deployments.cli import app
from schemas.judgement import Outcome
from schemas.night import Alert, DataState
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.telling.next_steps import after_move, after_night, after_retrain, beyond_why
from tasks.telling.nights import next_command
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.world import World

OUTCOMES: tuple[Outcome, ...] = ("passed", "refused", "undecided", "one_class", "failed", "lost")


def _assert_accepted(commands: tuple[str, ...]) -> None:
    assert commands
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "driftloop"
        app.parse_args(arguments, print_error=False, exit_on_error=False)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("retrain", ["refresh", "change"])
@pytest.mark.parametrize("is_by_hand", [True, False])
def test_after_every_outcome(
    served: World, outcome: Outcome, retrain: str, is_by_hand: bool
) -> None:
    judged = served.judgements(SERVED)[0]
    cause = judged.cause.model_copy(update={"night": None} if is_by_hand else {})
    ended = judged.model_copy(update={"outcome": outcome, "retrain": retrain, "cause": cause})
    _assert_accepted(after_retrain(ended, None))


def test_after_a_promotion(served: World) -> None:
    entry = entries(served.store, NAME)[-1]
    assert entry.judgement
    assert keys.parse(entry.judgement).folder == "judgements"
    _assert_accepted(after_retrain(served.judgements(SERVED)[0], entry))
    _assert_accepted(after_move(entry))


def test_after_a_night_every_alert_has_its_command_once(served: World) -> None:
    night = served.recorded(SERVED)
    _assert_accepted(after_night(night))
    alert = Alert(kind="fault", subject="shop", sentence="", next_step="driftloop accept")
    decision = night.decision.model_copy(update={"alerts": (alert, alert)})
    alerted = night.model_copy(update={"decision": decision})
    assert after_night(alerted) == (f"driftloop accept {NAME} {night.as_of} --reason ...",)


@pytest.mark.parametrize("outcome", [one for one in OUTCOMES if one != "passed"])
def test_why_never_leads_back_to_where_it_came_from(served: World, outcome: Outcome) -> None:
    night, judged = served.recorded(SERVED), served.judgements(SERVED)[0]
    last = judged.model_copy(update={"outcome": outcome})
    told = beyond_why(night, None, last)
    _assert_accepted((told,))
    assert "why" not in told
    assert "status" not in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("refused", "deliver it again, then driftloop night"),
        ("no_data", "driftloop night shop --as-of"),
    ],
)
def test_a_night_without_sound_data_leads_to_its_delivery(
    served: World, data: DataState, told: str
) -> None:
    night = served.recorded(SERVED)
    evidence = night.evidence.model_copy(update={"data": data})
    assert beyond_why(night.model_copy(update={"evidence": evidence}), None, None).startswith(told)


def test_a_stale_champion_leads_to_its_night_and_on_from_there(served: World) -> None:
    night = served.recorded(SERVED)
    alert = Alert(kind="stale", subject="", sentence="", next_step="driftloop status")
    assert next_command(night, alert) == f"driftloop why {NAME} {night.as_of}"
    decision = night.decision.model_copy(update={"alerts": (alert,)})
    alerted = night.model_copy(update={"decision": decision})
    assert "why" not in beyond_why(alerted, None, None)
