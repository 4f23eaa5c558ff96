"""Checks stand alone: one that breaks, hangs or lacks its ground stops no other."""

import json
import threading

import pytest

from deployments.cli import app
from deployments.doctor import checks
from deployments.doctor.examine import Case, Check, examine
from deployments.doctor.finding import Finding, fail, ok, warn
from schemas.errors import StoreUnavailable
from tests.building.receivers import SECRET


def breaking(_: Case) -> Finding:
    raise RuntimeError(f"http://user:{SECRET}@host")


def explaining(_: Case) -> Finding:
    raise StoreUnavailable(f"http://user:{SECRET}@host/b: no answer; start it, then run again")


def hanging(_: Case) -> Finding:
    threading.Event().wait(5)
    return ok("too late")


def run(*found: Check) -> list[Finding]:
    return [finding for _, finding in examine(Case(), found)]


def test_a_check_that_breaks_is_one_line_without_its_text_and_the_next_goes_on() -> None:
    broken, well = run(Check("a", breaking), Check("b", lambda _: ok("fine")))
    assert (broken.state, well.state) == ("FAIL", "ok")
    assert "RuntimeError in test_examine.py:" in broken.saw
    assert SECRET not in str(broken)


def test_an_error_of_ours_gives_the_next_step_and_no_login() -> None:
    (found,) = run(Check("a", explaining))
    assert found == fail("http://host/b: no answer", "start it, then run again")


def test_a_check_that_hangs_ends_with_its_time() -> None:
    (found,) = run(Check("a", hanging, seconds=0.05))
    assert (found.state, found.saw) == ("FAIL", "no answer within 0 s")


def test_what_needs_another_check_is_skipped_unless_that_is_well() -> None:
    found = run(
        Check("a", lambda _: fail("no")),
        Check("b", lambda _: ok("yes"), needs="a"),
        Check("c", lambda _: warn("hm")),
        Check("d", lambda _: ok("yes"), needs="c"),
    )
    assert [one.state for one in found] == ["FAIL", "skipped", "warn", "ok"]


@pytest.mark.parametrize(("worst", "code"), [(warn("hm", "look"), 0), (fail("no", "mend"), 4)])
def test_the_command_says_each_line_and_its_exit_code_whether_one_fails(
    worst: Finding, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = (Check("one", lambda _: worst), Check("two", lambda _: ok("fine\x1b[2J")))
    monkeypatch.setattr(checks, "CHECKS", planted)
    assert type_in() == code
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == [worst.state, "one", *worst.saw.split()]
    assert said[1].split() == ["next:", *worst.steps]
    assert said[2].split() == ["ok", "two", "fine", "[2J"]
    assert type_in("--json") == code
    first, second = json.loads(capsys.readouterr().out)
    assert first == {
        "check": "one",
        "state": worst.state,
        "saw": worst.saw,
        "steps": [*worst.steps],
    }
    assert second["steps"] == []


def type_in(*words: str) -> int:
    """The exit code of the command."""
    try:
        app(["doctor", *words], exit_on_error=False, result_action="return_value")
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0
