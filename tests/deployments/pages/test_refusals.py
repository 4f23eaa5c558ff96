"""What is not there, gone, damaged or not for this visitor ends in one sentence."""

import os
import re
from pathlib import Path

import pytest

from tasks.store import keys
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.deployments.pages.browsing import browse
from tests.deployments.pages.test_pages import revise, with_report

NIGHT = f"/{NAME}/{day(SERVED)}"


def said(text: str) -> str:
    """The one sentence of a page of apology."""
    [sentence] = re.findall(r'<p class="lead">(.*)</p>', text)
    return str(sentence)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/orders", f"No night of orders is recorded here. Projects with nights: {NAME}."),
        (f"/{NAME}/2031-01-01", "night 2031-01-01 was never recorded"),
        (f"/{NAME}/2031-01-01/report", "night 2031-01-01 is not recorded"),
        (f"/{NAME}/{day(1)}/report", "no report; it needs a champion"),
        (f"/{NAME}/2026-02-30", "write a date as YYYY-MM-DD"),
        (f"/{NAME}?before=yesterday", "write a date as YYYY-MM-DD"),
        ("/SHOP", "lower-case letters, digits"),
        ("/..%2f..%2fetc", "Nothing matches"),
        ("/%2e%2e", "lower-case letters, digits"),
        ("/shop%00", "lower-case letters, digits"),
        ("/" + "a" * 5000, "5000 characters"),
        (f"/{NAME}/{day(1)}/report/more", "Nothing matches"),
    ],
)
def test_what_is_not_there_is_a_404_with_a_sentence(path: str, sentence: str) -> None:
    answer = browse(path)
    assert answer.status_code == 404
    assert sentence in said(answer.text)
    assert len(said(answer.text)) < 400


@pytest.mark.usefixtures("served")
def test_markup_in_an_address_is_text() -> None:
    page = browse("/<script>alert(1)</script>").text + browse(f"/{NAME}/<b>x</b>").text
    assert "<script" not in page
    assert "<b>x" not in page


def test_markup_in_a_record_is_text(served: World) -> None:
    bad = '<img src=x onerror="alert(1)">{{ 7 * 7 }}'
    decision = served.recorded(SERVED).decision.model_copy(
        update={"sentence": bad, "state": bad, "alerts": ()}
    )
    revise(served, SERVED, decision=decision)
    for path in ("/", f"/{NAME}", NIGHT):
        page = browse(path).text
        assert "&lt;img src=x onerror=" in page
        assert "<img" not in page
        assert "49" not in page.partition("&lt;img")[2][:60]


def test_a_report_that_was_removed_is_gone_and_named(served: World) -> None:
    ref = with_report(served, SERVED)
    (served.root / "store" / ref.key).unlink()
    answer = browse(f"{NIGHT}/report")
    assert answer.status_code == 410
    assert ref.key in said(answer.text)


def test_a_damaged_report_is_not_shown_but_named(served: World) -> None:
    ref = with_report(served, SERVED)
    path = served.root / "store" / ref.key
    path.write_bytes(b"\0" + path.read_bytes()[1:])
    answer = browse(f"{NIGHT}/report")
    assert answer.status_code == 500
    assert ref.key in said(answer.text)
    assert "sandbox" not in answer.headers["content-security-policy"]


def test_a_damaged_record_is_named_and_hides_no_other_night(served: World) -> None:
    key = keys.night(NAME, day(YOUNG), 1)
    (served.root / "store" / key).write_bytes(b"{}")
    served.forget()
    answer = browse(f"/{NAME}/{day(YOUNG)}")
    assert answer.status_code == 500
    assert key in said(answer.text)
    assert "Traceback" not in answer.text
    nights = browse(f"/{NAME}")
    assert nights.status_code == 200
    assert key in nights.text
    assert f">{day(SERVED)}</a>" in nights.text


def test_a_damaged_ledger_is_named_and_hides_no_other_project(served: World) -> None:
    key = keys.ledger(NAME, 1)
    (served.root / "store" / key).write_bytes(b"")
    served.forget()
    answer = browse("/")
    assert answer.status_code == 200
    assert key in answer.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_store_that_cannot_be_read_is_said(served: World) -> None:
    (served.root / "store" / "nights").chmod(0)
    answer = browse("/")
    assert answer.status_code == 503
    assert "give this user access" in said(answer.text)


def test_a_mistake_of_ours_shows_no_details(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a secret of the code")

    assert served.champion
    monkeypatch.setattr("deployments.pages.collect.projects", fail)
    answer = browse("/")
    assert answer.status_code == 500
    assert "KeyError" in said(answer.text)
    assert "a secret of the code" not in answer.text


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_can_only_be_read(method: str) -> None:
    assert browse(NIGHT, method).status_code == 405


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("path", ["/", NIGHT, f"{NIGHT}/report", "/_up"])
def test_on_loopback_no_other_site_is_answered(path: str) -> None:
    assert browse(path, address="http://evil.example:8787").status_code == 400


def test_our_pages_run_nothing_and_a_report_is_shut_in(served: World) -> None:
    with_report(served, SERVED)
    for path in ("/", f"/{NAME}", NIGHT, "/none", "/a/b/c/d"):
        answer = browse(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "script-src" not in policy
        assert not re.search(r"<script|<style| style=| on[a-z]+=", answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"
    policy = browse(f"{NIGHT}/report").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; ")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy


def test_templates_hold_no_script() -> None:
    folder = Path("deployments/pages/templates")
    root = Path(__file__).parents[3]
    for path in (root / folder).glob("*.html"):
        assert "<script" not in path.read_text(), path.name
