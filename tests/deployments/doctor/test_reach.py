"""Alert addresses, heartbeat and pages: what is wrong with them is said, they are not."""

import pytest

from deployments.doctor.examine import Case
from tests.building.receivers import SECRET, TOKEN, Web, refusing_port
from tests.deployments.doctor.looking import look, look_at


def test_a_malformed_alert_url_is_named_by_its_place_alone(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"{web.url} jsonn://user:{SECRET}@host/{TOKEN}")
    found = look_at("alert URLs")
    assert (found.state, found.saw) == (
        "FAIL",
        "apprise does not understand alert URL number 2 of 2",
    )
    assert "entry 2 of DRIFTLOOP_ALERT_URLS" in found.steps[0]
    assert SECRET not in str(found) + caplog.text
    assert web.posts == []


def test_a_test_message_is_sent_on_request_alone(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", web.url)
    assert look_at("alert URLs").state == "ok"
    assert web.posts == []
    assert look_at("alert URLs", Case(alerts=True)).state == "ok"
    assert web.titles == ["driftloop doctor: a test"]
    web.answer = 403
    found = look_at("alert URLs", Case(alerts=True))
    assert found.state == "FAIL"
    assert "HTTP 403" in found.saw
    assert SECRET not in str(found)


def test_a_heartbeat_server_that_is_not_there_is_found_and_one_that_is_is_not_asked(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", web.page)
    assert look_at("heartbeat").state == "ok"
    assert web.gets == [], "a request counts as a good night"
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", f"http://127.0.0.1:{refusing_port()}/{TOKEN}")
    found = look_at("heartbeat")
    assert found.state == "FAIL"
    assert "DRIFTLOOP_HEARTBEAT_URL" in found.steps[0]
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    "address", ["hc-ping.com/x", "http://", "http://host:port/", "ftp://host/"]
)
def test_what_is_no_web_address_is_found(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", address)
    assert look_at("heartbeat").state == "FAIL"


def test_pages_that_nobody_serves_are_found(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", web.page)
    assert look_at("pages").state == "ok"
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", f"http://127.0.0.1:{refusing_port()}/")
    found = look_at("pages")
    assert found.state == "FAIL"
    assert "driftloop up" in found.steps[0]


def test_what_is_not_set_up_is_skipped_and_only_missing_alerts_are_worth_a_warning() -> None:
    found = look("alert URLs", "heartbeat", "pages")
    assert [one.state for one in found.values()] == ["warn", "skipped", "skipped"]
