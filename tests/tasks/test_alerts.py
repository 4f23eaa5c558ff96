"""Alerts over real mail and web servers: every kind, and each once a cause.

What targets do that fail is `tests.tasks.test_alerts_undelivered`.
"""

from collections.abc import Callable
from functools import partial

import pytest

from schemas.delivery import Delivery
from schemas.night import AlertKind
from tasks.alerts import tell_failure, tell_people
from tasks.store import keys
from tests.building.chronicle import Chronicle
from tests.building.project import NAME
from tests.building.raising import CAUSES, clear, freeze, promote, raise_alert, roll_back, stay
from tests.building.receivers import Mailbox, Web
from tests.tasks.core.nights import day

NIGHTLY: tuple[AlertKind, ...] = (*CAUSES, "refused")
KINDS: dict[str, Callable[[Chronicle], object]] = {
    **{kind: partial(raise_alert, kind=kind, number=0) for kind in NIGHTLY},
    "promotion": lambda c: promote(c, 0),
    "rollback": lambda c: roll_back(c, 0),
    "freeze": lambda c: freeze(c, 0),
}
SAYS = {
    "drift": ("drift in amount", "amount: distance 0.400, threshold 0.200", "2 of 3 nights"),
    "quality": ("predictions got worse", "5 of 5 nights above z 2.5", "driftloop report shop"),
    "refused": (
        "refused",
        "hour: in_range(0, 23), 12 rows (30.0%), such as 99, -3",
        "driftloop why shop",
    ),
    "missing": ("no data came", "deadline 12:00 (UTC)", "driftloop night shop --as-of 2026-01-02"),
    "fault": ("faulty data in amount", "40.0% of rows without a value, limit 16.0%", "accept shop"),
    "breaker": ("keep being refused", "5 refusals in a row, limit 5", "driftloop ack shop"),
    "stale": ("getting old", "limit 28 nights", "driftloop why shop"),
    "labels": ("true outcomes stay away", "9 nights past the delay, limit 7", "nights shop"),
    "unscorable": ("cannot score", "its model file is damaged", "driftloop rollback shop"),
    "joined": ("joined table was refused", "1 rows repeat a key", "driftloop why shop 2026-01-02"),
    "promotion": ("first model serves", "gate passed: not_worse: gain +0.01", "champion shop"),
    "rollback": ("an earlier model serves again", "ann moved", "driftloop unfreeze shop"),
    "freeze": ("promotion is frozen", "ann froze promotion: Returns look wrong.", "unfreeze shop"),
}


@pytest.fixture
def chronicle() -> Chronicle:
    return Chronicle()


def rounds(chronicle: Chronicle) -> list[Delivery]:
    return [chronicle.store.record(key, Delivery) for _, key in places(chronicle)]


def places(chronicle: Chronicle) -> list[tuple[keys.Place, str]]:
    return chronicle.store.places("alerts", NAME)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_received_by_mail_and_over_the_web(
    chronicle: Chronicle,
    mailbox: Mailbox,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"{mailbox.url}, {web.url}")
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", "http://127.0.0.1:8080")
    KINDS[kind](chronicle)
    tell_people(chronicle.project)
    mail, post = mailbox.mails[-1], web.posts[-1].body
    told = f"{mail['Subject']}\n{mail.get_content()}"
    assert told.splitlines() == [post["title"], *post["message"].splitlines()]
    assert mail.get_content_type() == "text/plain"
    assert all(part in told for part in SAYS[kind]), told
    assert "private" not in told, "sensitive values stay here"
    assert "What driftloop did by itself:" in told
    assert f"http://127.0.0.1:8080/{NAME}/2026-01-0" in told
    assert told.rstrip().endswith("The model of shop answers: Will this order be returned?")
    newest = rounds(chronicle)[-1].messages[-1]
    assert (newest.kind, newest.accepted, newest.error) == (kind, 2, None)


@pytest.mark.parametrize("kind", CAUSES)
def test_a_cause_is_told_once_until_it_has_cleared(
    chronicle: Chronicle, to_web: Web, kind: AlertKind
) -> None:
    raise_alert(chronicle, kind, 0)
    tell_people(chronicle.project)
    tell_people(chronicle.project)
    stay(chronicle, kind, 2)
    tell_people(chronicle.project)
    assert len(to_web.posts) == 1
    after = clear(chronicle, kind, 3)
    tell_people(chronicle.project)
    assert len([title for title in to_web.titles if "did not finish" not in title]) == 1
    raise_alert(chronicle, kind, after)
    tell_people(chronicle.project)
    assert to_web.titles[0].split(":")[1] == to_web.titles[-1].split(":")[1]
    told = [message for one in rounds(chronicle) for message in one.messages]
    assert [message.kind for message in told if message.kind != "failed"] == [kind, kind]


def test_without_urls_nothing_is_recorded(chronicle: Chronicle) -> None:
    raise_alert(chronicle, "fault", 0)
    tell_people(chronicle.project)
    tell_failure(chronicle.project, "nightly", day(1), "Crashed", None)
    assert rounds(chronicle) == []


@pytest.mark.usefixtures("to_web")
def test_a_round_without_news_is_recorded_once_a_night(chronicle: Chronicle) -> None:
    tell_people(chronicle.project)
    assert rounds(chronicle) == [], "there is no night yet"
    first = chronicle.see(0)
    tell_people(chronicle.project)
    tell_people(chronicle.project)
    assert [(one.night, one.messages) for one in rounds(chronicle)] == [(first, ())]
    assert places(chronicle)[0][1] == "alerts/shop/2026-01-01/01.json"
