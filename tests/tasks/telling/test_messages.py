"""Messages: what belongs together is one, text from data only shows, strangers can follow."""

from datetime import date

import pytest

from schemas.monitoring import Fault
from schemas.project import Project
from tasks.engine.outbox import open_round
from tasks.engine.posting import Message
from tasks.telling.messages import write_failure, write_message
from tasks.telling.plain import plain
from tests.building.chronicle import VERSIONS, Chronicle
from tests.building.project import build_project
from tests.building.raising import raise_alert, roll_back
from tests.building.source import Landing
from tests.tasks.core.evidence import build_drift, build_fault
from tests.tasks.core.nights import day

HOSTILE = "amount\r\nBcc: all@example.org\x00\x1b[31m\u202e @everyone <!channel> http://evil.test"


def messages(chronicle: Chronicle, link: str | None = None) -> list[Message]:
    opened = open_round(chronicle.store, chronicle.project)
    assert opened is not None
    return [write_message(chronicle.store, chronicle.project, t, link) for t in opened.topics]


def test_all_faulty_columns_of_a_night_are_one_message() -> None:
    chronicle = Chronicle()
    columns = ("amount", "hour", "income", "shop", "wait")
    chronicle.see(0, faults=tuple(build_fault(column) for column in columns))
    (message,) = messages(chronicle)
    assert message.title.endswith(": faulty data in amount, hour, income and 2 more columns")
    assert all(f"- {column}: 40.0% of rows without a value" in message.body for column in columns)
    assert message.body.count("driftloop accept shop 2026-01-01 --reason ...") == 1


def test_a_fault_in_labels_is_accepted_for_their_own_night() -> None:
    chronicle = Chronicle()
    fault = Fault(column="returned", kind="label nulls", share=0.5, limit=0.1)
    chronicle.see(3, label_faults={"2026-01-02": (fault,)})
    (message,) = messages(chronicle)
    assert (
        "returned: 50.0% of rows without a value, limit 10.0% in the labels of night 2026-01-02"
        in (message.body)
    )
    assert "driftloop accept shop 2026-01-02 --reason ..." in message.body


@pytest.mark.parametrize("where", ["column", "reason"])
def test_text_from_data_and_from_people_only_shows(where: str) -> None:
    chronicle = Chronicle()
    if where == "column":
        chronicle.see(0, drift=build_drift(HOSTILE))
        chronicle.see(1, drift=build_drift(HOSTILE))
    else:
        chronicle.see(0, unscorable=HOSTILE)
    (message,) = messages(chronicle)
    told = message.title + message.body
    assert "\n" not in message.title
    assert not any(bad in told for bad in ("\r", "\x00", "\x1b", "\u202e", "@everyone", "http://"))
    assert not any(line.startswith("Bcc") for line in message.body.splitlines())
    assert "evil.test" in told, "it is shown all the same"


def test_a_very_long_text_is_cut() -> None:
    assert len(plain("x" * 10_000)) == 600


def test_a_simulated_night_says_so() -> None:
    class Staged(Landing):
        def announcements(self, as_of: date) -> tuple[str, ...]:
            return (f"Simulated: the storm of {as_of} is made up",)

    chronicle = Chronicle(build_project(source=Staged()))
    raise_alert(chronicle, "fault", 0)
    assert "Simulated: the storm of 2026-01-02 is made up" in messages(chronicle)[0].body


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:8080/"])
def test_links_are_there_when_there_is_something_to_open(
    monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", base)
    chronicle = Chronicle()
    raise_alert(chronicle, "fault", 0)
    (message,) = messages(chronicle, "http://127.0.0.1:4200/run")
    assert ("Night: http://127.0.0.1:8080/shop/2026-01-02" in message.body) == bool(base)
    assert "Report:" not in message.body, "there is none for this night"
    assert "Run: http://127.0.0.1:4200/run" in message.body


def test_a_drift_message_says_what_became_of_the_retrain() -> None:
    chronicle = Chronicle()
    chronicle.see(0, drift=build_drift("amount"))
    night = chronicle.see(1, drift=build_drift("amount"), frozen=False)
    assert "A retrain was started." in messages(chronicle)[0].body
    chronicle.move("promote", 1, VERSIONS[0], chronicle.judge(night))
    drift, promotion = messages(chronicle)
    assert "Passed (refresh): not_worse" in drift.body
    assert f"{VERSIONS[0]} serves from the next night." in drift.body
    assert promotion.title.endswith("the first model serves")
    assert "- judged on unseen: 3 nights" in promotion.body


def test_an_override_says_that_no_gate_spoke() -> None:
    chronicle = Chronicle()
    chronicle.see(0)
    chronicle.move("promote", 0, VERSIONS[0])
    (message,) = messages(chronicle)
    assert "ann put it in service without gates: Returns look wrong." in message.body
    assert "What was measured" not in message.body


def test_tones_tell_good_news_from_bad() -> None:
    chronicle = Chronicle()
    roll_back(chronicle, 0)
    raise_alert(chronicle, "missing", 1)
    tones = [message.tone for message in messages(chronicle)]
    assert tones == ["failure", "success", "success", "warning"]


def test_a_failure_is_written_without_a_store() -> None:
    project: Project = build_project()
    message = write_failure(project, "retrain", day(3), "TimedOut", None)
    assert message.title == "[driftloop] shop 2026-01-04: a retrain run has failed"
    assert "The next nightly run carries out what was decided and left undone." in message.body
