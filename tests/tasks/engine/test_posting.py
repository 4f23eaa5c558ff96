"""Addresses as people write them, and what one message to several targets comes to."""

import threading

import pytest

from tasks.engine.posting import Message, alert_urls, post
from tests.building.receivers import Web, refusing_port

MESSAGE = Message("title", "body", "info")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("", ()),
        ("  \n ", ()),
        ("json://a", ("json://a",)),
        ("json://a mailto://b", ("json://a", "mailto://b")),
        ("json://a,mailto://b", ("json://a", "mailto://b")),
        ("json://a, mailto://b,\n", ("json://a", "mailto://b")),
        ("mailto://h?to=x@y.z,u@v.w slack://t", ("mailto://h?to=x@y.z,u@v.w", "slack://t")),
        ("nonsense json://a", ("nonsense", "json://a")),
    ],
)
def test_urls_are_separated_by_spaces_or_commas(
    monkeypatch: pytest.MonkeyPatch, written: str, understood: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", written)
    assert alert_urls() == understood


def test_a_target_that_failed_is_asked_once_about_each_further_message(
    to_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", (0.0, 0.0))
    to_web.answer = 500
    receipts, problems = post([MESSAGE] * 4)
    assert to_web.tries == 3 + 1 + 1 + 1
    assert [(receipt.accepted, receipt.error) for receipt in receipts] == [(0, "HTTP 500")] * 4
    assert problems == ("alert URL number 1 did not accept 4 of 4 messages (HTTP 500)",)


def test_nothing_is_left_running_but_what_cannot_be_stopped(to_web: Web) -> None:
    before = threading.active_count()
    receipts, problems = post([MESSAGE, MESSAGE])
    assert (len(receipts), problems, len(to_web.posts)) == (2, (), 2)
    assert threading.active_count() <= before + 1  # the server's own thread of the last request


def test_targets_are_served_side_by_side(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = [f"json://127.0.0.1:{refusing_port()}/" for _ in range(5)]
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", " ".join([*closed, web.url]))
    monkeypatch.setattr("tasks.engine.posting.DEADLINE_SECONDS", 5.0)
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", (0.5, 0.5))
    receipts, problems = post([MESSAGE])
    assert (receipts[0].accepted, receipts[0].error) == (1, "ConnectionError")
    assert [problem.split()[3] for problem in problems] == ["1", "2", "3", "4", "5"]


def test_a_message_looks_like_ours(to_web: Web) -> None:
    post([Message("title", "a <b> & *c*\n- [d](e)", "failure")])
    (received,) = to_web.posts
    assert received.headers["user-agent"] == "driftloop"
    assert received.body["message"] == "a <b> & *c*\n- [d](e)"
    assert received.body["type"] == "failure"
