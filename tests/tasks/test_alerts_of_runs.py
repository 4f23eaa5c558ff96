"""Runs that failed, crashed or never started: an automation tells, or the next night sees."""

from typing import Any

import pytest

from schemas.delivery import Delivery
from schemas.errors import StoreUnavailable
from tasks.alerts import tell_failure, tell_people
from tasks.engine.outbox import run_source
from tasks.store import keys
from tests.building.chronicle import Chronicle
from tests.building.project import NAME
from tests.building.raising import raise_alert
from tests.building.receivers import Web
from tests.tasks.core.nights import day

LINK = "http://127.0.0.1:4200/v2/runs/flow-run/1"


@pytest.fixture
def chronicle(to_web: Web, monkeypatch: pytest.MonkeyPatch) -> Chronicle:
    """One night that came to its end; alerts go to the web server."""
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", (0.0, 0.0))
    chronicle = Chronicle()
    chronicle.see(0)
    tell_people(chronicle.project)
    assert to_web.posts == []
    return chronicle


def crash(chronicle: Chronicle, flow: str, number: int | None) -> None:
    as_of = None if number is None else day(number)
    tell_failure(chronicle.project, flow, as_of, "Crashed", LINK)


def sources(chronicle: Chronicle) -> list[str]:
    places = chronicle.store.places("alerts", NAME)
    rounds = [chronicle.store.record(key, Delivery) for _, key in places]
    return [told.source for one in rounds for told in one.messages]


def test_a_run_that_crashed_is_told_once_with_its_page_and_what_to_type(
    chronicle: Chronicle, web: Web
) -> None:
    for _ in range(3):
        crash(chronicle, "nightly", 1)
    (post,) = web.posts
    assert post.body["title"] == "[driftloop] shop 2026-01-02: a nightly run has failed"
    message = post.body["message"]
    assert "The nightly run of night 2026-01-02 ended in state Crashed." in message
    assert f"Run: {LINK}" in message
    assert "    driftloop night shop --as-of 2026-01-02" in message
    assert sources(chronicle) == ["run/nightly/2026-01-02"]


def test_other_runs_of_the_same_night_are_told_apart(chronicle: Chronicle, web: Web) -> None:
    crash(chronicle, "nightly", 1)
    crash(chronicle, "retrain", 1)
    crash(chronicle, "Replay ../../etc", None)
    assert sources(chronicle) == [
        run_source("nightly", day(1)),
        run_source("retrain", day(1)),
        run_source("replay-etc", day(0)),
    ]
    assert "    driftloop retrain shop" in web.posts[1].body["message"]


def test_what_the_automation_told_the_next_night_does_not_tell_again(
    chronicle: Chronicle, web: Web
) -> None:
    crash(chronicle, "nightly", 1)
    chronicle.see(1)
    chronicle.see(2)
    tell_people(chronicle.project)
    assert len(web.posts) == 1


def test_what_the_automation_could_not_tell_the_next_night_does(
    chronicle: Chronicle, web: Web
) -> None:
    web.answer = 500
    crash(chronicle, "nightly", 1)
    web.answer = 200
    chronicle.see(1)
    chronicle.see(2)
    for _ in range(2):
        tell_people(chronicle.project)
    assert web.titles == ["[driftloop] shop 2026-01-02: a nightly run did not finish"]


def test_nights_that_were_made_up_are_told_by_the_night_that_did(
    chronicle: Chronicle, web: Web
) -> None:
    for number in range(1, 4):
        chronicle.see(number)
    for _ in range(2):
        tell_people(chronicle.project)
    (post,) = web.posts
    assert post.body["title"] == "[driftloop] shop 2026-01-03: nightly runs did not finish"
    message = post.body["message"]
    assert "No nightly run of the nights from 2026-01-02 to 2026-01-03 came to its end" in message
    assert "A later run made up for 2 of the 2 nights" in message
    assert "    driftloop nights shop" in message


def test_nights_without_a_record_are_told_with_the_command_that_runs_them(
    chronicle: Chronicle, web: Web
) -> None:
    chronicle.see(3)
    chronicle.see(4)
    tell_people(chronicle.project)
    message = web.posts[0].body["message"]
    assert "A later run made up for 1 of the 3 nights" in message
    assert "2 of the 3 nights have no record" in message
    assert "    driftloop night shop --from 2026-01-02 --to 2026-01-03" in message


def test_alerts_of_all_nights_that_were_made_up_are_told(chronicle: Chronicle, web: Web) -> None:
    raise_alert(chronicle, "fault", 1)
    for number in range(3, 11):
        chronicle.see(number)
    tell_people(chronicle.project)
    assert "[driftloop] shop 2026-01-03: faulty data in amount" in web.titles


def test_history_is_no_night_that_failed(chronicle: Chronicle, web: Web) -> None:
    for number in range(1, 5):
        chronicle.see(number, history=True)
    chronicle.see(5)
    tell_people(chronicle.project)
    assert web.posts == []


def decide(chronicle: Chronicle, number: int, **fields: Any) -> str:
    """A night that asks for a retrain, which another run is to carry out."""
    key = chronicle.see(number, frozen=False, **fields)
    assert chronicle.night(key).decision.action == "retrain"
    tell_people(chronicle.project)
    return key


def test_a_retrain_that_never_ended_is_told_by_the_next_night(
    chronicle: Chronicle, web: Web
) -> None:
    key = decide(chronicle, 1)
    chronicle.judge(key, "refused")
    chronicle.see(2)
    for _ in range(2):
        tell_people(chronicle.project)
    (post,) = web.posts
    assert post.body["title"] == "[driftloop] shop 2026-01-02: a retrain did not finish"
    assert "A nightly run has carried it out: Refused (refresh)" in post.body["message"]


def test_a_retrain_that_is_still_undone_is_told_as_such(chronicle: Chronicle, web: Web) -> None:
    decide(chronicle, 1)
    chronicle.see(2)
    tell_people(chronicle.project)
    assert (
        "Nothing came of it so far; each nightly run tries again." in web.posts[0].body["message"]
    )


def test_a_retrain_that_ended_and_said_so_is_not_told(chronicle: Chronicle, web: Web) -> None:
    chronicle.judge(decide(chronicle, 1), "refused")
    tell_people(chronicle.project)  # the end of the retrain's own run
    chronicle.see(2)
    tell_people(chronicle.project)
    assert web.posts == []


def test_a_retrain_whose_crash_was_told_is_not_told_again(chronicle: Chronicle, web: Web) -> None:
    decide(chronicle, 1)
    crash(chronicle, "retrain", 1)
    chronicle.see(2)
    tell_people(chronicle.project)
    assert len(web.posts) == 1


def test_news_of_a_night_that_crashed_after_its_record_wait_for_the_next_one(
    chronicle: Chronicle, web: Web
) -> None:
    raise_alert(chronicle, "fault", 1)
    crash(chronicle, "nightly", 2)
    assert len(web.posts) == 1
    chronicle.see(3)
    tell_people(chronicle.project)
    assert web.titles[1:] == ["[driftloop] shop 2026-01-03: faulty data in amount"]


def test_without_a_store_people_hear_of_a_crash_all_the_same(
    chronicle: Chronicle,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("the disk is gone; mount it")

    monkeypatch.setattr(chronicle.store.backend, "keys", fail)
    crash(chronicle, "nightly", 1)
    assert web.titles == ["[driftloop] shop 2026-01-02: a nightly run has failed"]
    assert "cannot be recorded: the disk is gone" in caplog.text


def test_before_the_first_night_a_crash_is_told_and_nothing_is_recorded(to_web: Web) -> None:
    fresh = Chronicle()
    crash(fresh, "nightly", None)
    assert to_web.titles == ["[driftloop] shop: a nightly run has failed"]
    assert fresh.store.places("alerts", NAME) == []


def test_a_damaged_round_silences_nothing(chronicle: Chronicle, web: Web) -> None:
    chronicle.store.backend.replace(keys.delivery(NAME, day(0), 1), b"{}")
    chronicle.store._records.clear()
    raise_alert(chronicle, "fault", 1)
    tell_people(chronicle.project)
    assert "[driftloop] shop 2026-01-03: faulty data in amount" in web.titles
