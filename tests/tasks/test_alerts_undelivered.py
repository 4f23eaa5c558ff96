"""Alerts to targets that refuse, hang or cannot be understood: tried again, and no secret told.

What is sent when all is well is `tests.tasks.test_alerts`.
"""

import logging
from pathlib import Path

import pytest

from schemas.delivery import Delivery
from tasks.alerts import beat, tell_failure, tell_people
from tests.building.chronicle import Chronicle
from tests.building.project import NAME
from tests.building.raising import raise_alert
from tests.building.receivers import SECRET, TOKEN, Mailbox, Web, refusing_port
from tests.tasks.core.nights import day

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def chronicle() -> Chronicle:
    return Chronicle()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets that fail are given up after tenths of a second."""
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", (0.05, 0.05))
    monkeypatch.setattr("tasks.engine.posting._SOCKET_SECONDS", 0.3)
    monkeypatch.setattr("tasks.engine.posting._SECONDS_BETWEEN", 0.0)


def rounds(chronicle: Chronicle) -> list[Delivery]:
    places = chronicle.store.places("alerts", NAME)
    return [chronicle.store.record(key, Delivery) for _, key in places]


def test_a_refused_delivery_is_tried_again_the_next_night_and_then_told_once(
    chronicle: Chronicle, to_web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alert(chronicle, "fault", 0)
    to_web.answer = 500
    tell_people(chronicle.project)
    assert (to_web.tries, to_web.posts) == (3, [])
    assert "alert URL number 1 did not accept 1 of 1 messages (HTTP 500)" in caplog.text
    assert rounds(chronicle)[-1].messages[0].error == "HTTP 500"
    to_web.answer = 200
    chronicle.see(2)
    tell_people(chronicle.project)
    chronicle.see(3)
    tell_people(chronicle.project)
    assert len(to_web.posts) == 1
    assert [one.accepted for told in rounds(chronicle) for one in told.messages] == [0, 1]


def test_what_reached_nobody_is_tried_for_longer_than_nights_are_rechecked(
    chronicle: Chronicle, to_web: Web
) -> None:
    raise_alert(chronicle, "fault", 0)
    to_web.answer = 503
    for number in range(2, 9):
        tell_people(chronicle.project)
        chronicle.see(number)
    to_web.answer = 200
    tell_people(chronicle.project)
    assert to_web.titles == ["[driftloop] shop 2026-01-02: faulty data in amount"]


def test_a_target_that_refuses_does_not_keep_the_others_from_hearing(
    chronicle: Chronicle,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    closed = f"json://user:{SECRET}@127.0.0.1:{refusing_port()}/{TOKEN}"
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"{closed} {web.url}")
    raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    assert len(web.posts) == 1
    assert "alert URL number 1 did not accept 1 of 1 messages (ConnectionError)" in caplog.text
    told = rounds(chronicle)[-1].messages[0]
    assert (told.accepted, told.error) == (1, "ConnectionError")
    chronicle.see(2)
    tell_people(chronicle.project)
    assert len(web.posts) == 1, "one target is enough"


def test_a_target_that_hangs_is_given_up_in_time(
    chronicle: Chronicle, to_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.posting.DEADLINE_SECONDS", 1.0)
    monkeypatch.setattr("tasks.engine.posting._SOCKET_SECONDS", 30.0)
    to_web.answer = 0
    raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    assert to_web.tries == 1
    assert rounds(chronicle)[-1].messages[0].error == "Timeout"


def test_a_socket_that_hangs_is_named(
    chronicle: Chronicle, to_web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    to_web.answer = 0
    raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    assert "(ReadTimeout)" in caplog.text


@pytest.mark.parametrize("malformed", ["nonsense", "nothing://x", f"json://{SECRET}:{TOKEN}@"])
def test_a_malformed_url_is_named_by_its_place(
    chronicle: Chronicle,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    malformed: str,
) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"{web.url} {malformed}")
    raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    assert "alert URL number 2 is not understood by apprise." in caplog.text
    assert malformed not in caplog.text
    assert len(web.posts) == 1


def test_a_secret_of_an_address_is_seen_nowhere(
    chronicle: Chronicle,
    web: Web,
    mailbox: Mailbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    closed = refusing_port()
    urls = (
        web.url,
        mailbox.url,
        f"json://user:{SECRET}@127.0.0.1:{closed}/{TOKEN}",
        f"mailto://user:{SECRET}@127.0.0.1:{closed}/?from=a@example.org&to=b@example.org",
        f"json://{SECRET}:{TOKEN}@",
        f"slack://{TOKEN}/{SECRET}/x",
        f"{SECRET}",
    )
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", " ".join(urls))
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", f"http://user:{SECRET}@127.0.0.1:{closed}/")
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3", "urllib3.connectionpool", "driftloop"):
        caplog.set_level(1, logger=name)
    key = raise_alert(chronicle, "fault", 0)
    for answer in (500, 200):
        web.answer = answer
        tell_people(chronicle.project)
        tell_failure(chronicle.project, "nightly", day(1), "Crashed", None)
    beat(chronicle.project, key)
    printed = capfd.readouterr()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "did not accept" in caplog.text
    for secret in (SECRET, TOKEN, "dXNlcjpodW50"):  # the third is how HTTP writes the first
        assert secret not in caplog.text + printed.out + printed.err
        assert secret.encode() not in stored
