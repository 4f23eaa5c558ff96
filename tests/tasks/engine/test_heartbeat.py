"""The heartbeat: after good nights only, in time, and without a word of its address."""

from typing import Any

import pytest

from tasks.alerts import beat, tell_people
from tests.building.chronicle import Chronicle
from tests.building.raising import CAUSES, raise_alert
from tests.building.receivers import SECRET, TOKEN, Web, refusing_port


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.engine.heartbeat._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", ())


@pytest.fixture
def web(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The heartbeat goes to the web server."""
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", web.page)
    return web


def beats(web: Web, **evidence: Any) -> int:
    """How often a night with this evidence asks."""
    chronicle = Chronicle()
    beat(chronicle.project, chronicle.see(0, **evidence))
    return len(web.gets)


def test_a_good_night_asks_once(web: Web) -> None:
    assert beats(web) == 1
    assert web.gets == [f"/{TOKEN}"]


@pytest.mark.parametrize("kind", ["drift", "quality", "fault", "stale"])
def test_an_alarm_does_not_make_a_night_bad(web: Web, kind: Any) -> None:
    assert beats(web, **CAUSES[kind](0)) == 1


def test_data_may_still_come_until_the_deadline(web: Web) -> None:
    assert beats(web, data="no_data_yet") == 1


@pytest.mark.parametrize(
    "bad",
    [{"data": "no_data"}, {"data": "refused"}, {"unscorable": "its model file is damaged"}],
    ids=str,
)
def test_a_bad_night_keeps_silent(web: Web, bad: dict[str, Any]) -> None:
    assert beats(web, **bad) == 0


def test_silence_is_all_that_is_left_when_nobody_could_be_told(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"json://127.0.0.1:{refusing_port()}")
    chronicle = Chronicle()
    key = raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    beat(chronicle.project, key)
    assert web.gets == []
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", web.url)
    tell_people(chronicle.project)
    beat(chronicle.project, key)
    assert len(web.gets) == 1


def test_without_an_address_nothing_is_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", " ")
    assert beats(web) == 0


def test_a_bad_answer_is_tried_three_times_and_logged(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    web.answer = 500
    assert (beats(web), web.tries) == (0, 3)
    assert "The heartbeat URL did not answer well: HTTP 500." in caplog.text
    assert TOKEN not in caplog.text


def test_an_answer_that_never_comes_costs_little(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tasks.engine.heartbeat._DEADLINE_SECONDS", 0.5)
    web.answer = 0
    beats(web)
    assert "did not answer well: Timeout." in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        f"http://user:{SECRET}@127.0.0.1:1/{TOKEN}",
        f"https://[{SECRET}/{TOKEN}",
        f"http://127.0.0.1:{SECRET}/",
        f"file:///etc/{TOKEN}",
        SECRET,
    ],
)
def test_a_bad_address_is_not_printed(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", address)
    beats(web)
    assert "The heartbeat URL did not answer well: " in caplog.text
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text
