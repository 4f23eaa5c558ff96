"""A challenger that waits for a person: approved, superseded, too old, approved by two at once."""

import pytest

from flows.approve import approve
from flows.freeze import freeze
from flows.promote import promote
from schemas.errors import Declined, NotYet
from tasks.engine import approval, attempt
from tasks.engine.outbox import open_round
from tasks.engine.promote import settle_attempt
from tasks.engine.replay.reproduce import reproduce
from tasks.store.ledger import entries
from tasks.telling.approval import tell_waiting
from tasks.telling.messages import write_message
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

NEXT = YOUNG + 1
GATES = (
    "policy={'change_nights': 3}, "
    "gates=(Approval(), Better(confidence=0.9), NotWorse(), BeatsPrior())"
)
EDITED = f"rounds=12, {GATES}"
COMMAND = f"driftloop approve {NAME} --as-of {day(NEXT)} --reason ..."


@pytest.fixture
def waiting(young: World) -> World:
    """An edited recipe whose challenger waits since night NEXT."""
    young.declare(EDITED)
    young.live(NEXT)
    assert young.judgements()[-1].outcome == "waiting"
    return young


def test_a_change_waits_until_a_person_approves_it_with_a_reason(waiting: World) -> None:
    before, challenger = waiting.champion, waiting.judgements()[-1].challenger
    opened = open_round(waiting.store, waiting.project)
    assert opened is not None
    asked = next(topic for topic in opened.topics if topic.kind == "approval")
    message = write_message(waiting.store, waiting.project, asked)
    assert "a new model waits for approval" in message.title
    assert COMMAND in message.body
    nights = [waiting.live(number) for number in range(NEXT + 1, NEXT + 4)]
    assert {night.decision.state for night in nights} == {"Waiting for approval"}
    assert (waiting.champion, len(waiting.judgements())) == (before, 2)
    assert COMMAND in (tell_waiting(waiting.store, waiting.project) or "")
    key = approve.fn(NAME, "better for the north", "ann", day(NEXT))
    entry = entries(waiting.store, NAME)[-1]
    assert (key, entry.actor) == (f"ledger/{NAME}/{entry.seq:012d}.json", "ann")
    assert entry.reason.startswith("Approved: better for the north. Passed (change): approval: ")
    assert waiting.judgements()[-1].challenger == challenger
    assert tell_waiting(waiting.store, waiting.project) is None
    assert waiting.live(NEXT + 4).decision.retrain == "refresh"
    assert reproduce(waiting.store, waiting.project).differences == ()


def test_of_two_people_one_approves_and_the_other_is_told_who(waiting: World) -> None:
    approve.fn(NAME, "looks right", "ann")
    with pytest.raises(Declined, match="approved already by ann"):
        approve.fn(NAME, "looks right to me, too", "bob")
    assert [action for action, _ in waiting.moves()] == ["promote", "promote"]


def test_of_two_people_on_two_machines_one_approves_too(
    waiting: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = attempt.make_attempt

    def make_attempt_late(*given: object) -> str | None:
        monkeypatch.setattr(approval, "make_attempt", real)
        mine = approval.approve(waiting.store, waiting.project, None, "looks right", "ann")
        settle_attempt(waiting.store, waiting.project, mine)
        return real(*given)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(approval, "make_attempt", make_attempt_late)
    with pytest.raises(Declined, match="have changed since"):
        approve.fn(NAME, "looks right to me, too", "bob")
    assert [entry.actor for entry in entries(waiting.store, NAME)][1:] == ["ann"]


def test_an_approval_killed_before_its_promotion_is_finished_by_the_next_one(
    waiting: World,
) -> None:
    waiting.store.backend = Brittle(waiting.store.backend, prefix="judgements/", after=True)
    with pytest.raises(Killed):
        approve.fn(NAME, "looks right", "ann")
    waiting.forget()
    approve.fn(NAME, "once more", "bob")
    entry = entries(waiting.store, NAME)[-1]
    assert (entry.actor, entry.reason[:23]) == ("ann", "Approved: looks right. ")


def test_a_newer_refresh_supersedes_the_one_that_waits(young: World) -> None:
    young.declare("gates=(Approval(on=('refresh',)), NotWorse(), BeatsPrior())")
    for number in range(NEXT, NEXT + 6):
        young.live(number)
    assert [judged.outcome for judged in young.judgements()[1:]] == ["waiting", "waiting"]
    with pytest.raises(Declined, match=f"newest that does is of night {day(NEXT + 5)}"):
        approve.fn(NAME, "looks right", "ann", day(NEXT + 2))
    approve.fn(NAME, "looks right", "ann", day(NEXT + 5))
    assert young.moves()[-1] == ("promote", day(NEXT + 5))


def test_what_cannot_be_approved_any_more_says_why(waiting: World) -> None:
    waiting.declare(f"rounds=11, {GATES}")
    with pytest.raises(Declined, match="recipe in the project file was edited since"):
        approve.fn(NAME, "looks right", "ann")
    waiting.declare(EDITED.replace("3}", "3, 'max_age': 1}"))
    for number in (NEXT + 1, NEXT + 2):  # without a delivery nothing is judged anew
        waiting.night(number)
    with pytest.raises(Declined, match="it waited 2 nights, limit 1"):
        approve.fn(NAME, "looks right", "ann")
    waiting.declare(EDITED)
    freeze.fn(NAME, "looking into it", "ann")
    with pytest.raises(Declined, match="promotion is frozen"):
        approve.fn(NAME, "looks right", "ann")


@pytest.mark.usefixtures("waiting")
def test_a_champion_that_a_person_put_in_service_supersedes_what_waits() -> None:
    promote.fn(NAME, "we know better", "ann")
    with pytest.raises(Declined, match="the champion that it was judged against serves no more"):
        approve.fn(NAME, "looks right", "bob")


@pytest.mark.usefixtures("young")
def test_where_nothing_waits_the_newest_retrain_is_told() -> None:
    with pytest.raises(NotYet, match="nothing waits for approval: the newest retrain, of night"):
        approve.fn(NAME, "looks right", "ann")
