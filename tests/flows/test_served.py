"""What the service answered is what realised quality is judged on, where its log is known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from schemas.errors import StoreUnavailable
from schemas.night import Night
from schemas.predictions import Predictions
from schemas.served import Served
from tasks.engine.frames import load_frame
from tasks.engine.keeping.erase import erase
from tasks.engine.replay.reproduce import reproduce
from tasks.sources.service_log import ServiceLog
from tasks.sources.side_files import SideFile
from tasks.store import keys
from tasks.store.verify import verify
from tasks.telling.nights import tell_night
from tests.building.fixtures import GROWN, SERVED
from tests.building.project import NAME
from tests.building.rows import ROWS, build_labels, build_orders, day
from tests.building.world import World

NEXT = SERVED + 1


def declare(world: World, version: str = "") -> None:
    """The project's service logs its answers into the folder `log`, from the next night on."""
    (world.root / "log").mkdir()
    table = f"SideFile(file={str(world.root / 'log' / '{as_of}.csv')!r})"
    world.declare(f"served=ServiceLog(table={table}, key=('order',), prediction='score'{version})")


@pytest.fixture
def logged(served: World) -> World:
    declare(served)
    return served


def log(world: World, number: int, scores: pd.Series | np.ndarray | None = None) -> pd.DataFrame:
    """Log these answers to night `number`'s orders, by default an even chance."""
    order = build_orders(number)["row_key"]
    answers = pd.DataFrame({"order": order, "score": 0.5 if scores is None else scores})
    write(world, number, answers)
    return answers


def write(world: World, number: int, answers: pd.DataFrame) -> None:
    answers.to_csv(world.root / "log" / f"{day(number)}.csv", index=False)


def record(world: World, number: int = NEXT) -> Served:
    return world.store.record(world.store.revisions("served", NAME, day(number))[-1], Served)


def own(world: World, night: Night) -> pd.DataFrame:
    scored = world.store.record(str(night.predictions), Predictions)
    return load_frame(world.store, scored.rows)


def told(world: World, number: int = NEXT) -> str:
    key = keys.night(NAME, day(number), world.recorded(number).revision)
    return "\n".join(line.text for line in tell_night(world.store, key) if line.step == "served")


def test_quality_is_that_of_the_answers_and_the_record_says_so(grown: World) -> None:
    declare(grown)
    log(grown, GROWN + 1)
    grown.live(GROWN + 1)
    grown.live(GROWN + 2)
    night = grown.live(GROWN + 3)
    answered = {p.as_of: p.loss for p in night.evidence.quality.points}
    assert answered[day(GROWN + 1)] == pytest.approx(np.log(2))
    assert answered[day(GROWN + 2)] != pytest.approx(np.log(2)), "our own scoring: there is no log"
    assert night.evidence.quality.served == (day(GROWN + 1),)
    assert "by the service's answers on 1 nights" in "".join(
        line.text
        for line in tell_night(grown.store, keys.night(NAME, day(GROWN + 3), 1))
        if line.step == "quality"
    )
    assert verify(grown.store, NAME) == []
    assert reproduce(grown.store, grown.project).differences == ()


def test_a_service_that_got_worse_raises_the_quality_alarm(grown: World) -> None:
    declare(grown)
    for number in range(GROWN + 1, GROWN + 6):
        labels = build_labels(number, build_orders(number))["returned"]
        log(grown, number, np.where(labels == 1, 0.05, 0.95))
        grown.live(number)
    nights = [grown.recorded(number) for number in range(GROWN + 1, GROWN + 6)]
    raised = [alert.kind for night in nights for alert in night.decision.alerts]
    assert "quality" in raised


def test_rows_and_skew_are_told_in_evidence_and_on_the_page(logged: World) -> None:
    logged.deliver(NEXT)
    scores = own(logged, logged.night(NEXT)).set_index("row_key")["prediction"]
    answers = scores.reset_index().set_axis(["order", "score"], axis=1)
    answers.loc[:3, "score"] = 1 - answers["score"]
    write(logged, NEXT, answers.iloc[:30])
    night = logged.live(NEXT + 1)
    made = record(logged).told
    assert (made.kept, made.coverage, made.compared, made.disagreeing) == (30, 0.75, 30, 4)
    assert "30 of 40 rows answered (75.0%). 4 of 30 differ" in told(logged)
    assert night.evidence.served
    assert night.evidence.served.state == "absent"
    log(logged, NEXT + 2, np.full(ROWS, 0.5))
    evidence = logged.live(NEXT + 2).evidence.served
    assert evidence
    assert (evidence.state, evidence.coverage, evidence.compared) == ("known", 1.0, ROWS)
    assert evidence.disagreeing > ROWS / 2


def test_answers_of_another_version_are_no_skew(served: World) -> None:
    declare(served, ", version='model'")
    orders = build_orders(NEXT)
    models = ["v1"] * 10 + [str(served.champion)] * 30
    write(served, NEXT, pd.DataFrame({"order": orders["row_key"], "score": 0.5, "model": models}))
    served.live(NEXT)
    made = record(served).told
    assert (made.other_version, made.compared) == (10, 30)
    assert "10 by another model version" in told(served)


def test_what_cannot_be_counted_is_left_out_and_told(logged: World) -> None:
    answers = log(logged, NEXT).astype(object)
    torn = answers.iloc[:1].assign(score=0.9)
    foreign = pd.DataFrame({"order": ["x", None], "score": [0.1, 0.2]})
    answers.loc[5, "score"] = "n/a"
    write(logged, NEXT, pd.concat([answers, answers.iloc[1:3], torn, foreign]))
    logged.live(NEXT)
    made = record(logged).told
    assert (made.kept, made.contradictory, made.repeated) == (ROWS - 2, 1, 2)
    assert (made.invalid, made.unknown, made.read) == (2, 1, ROWS + 5)
    left_out = "Left out: 1 with two predictions, 2 without a key or a number, 1 of no row."
    assert left_out in told(logged)


@pytest.mark.parametrize(
    ("answers", "state", "said"),
    [
        (None, "absent", "No log"),
        (build_orders(NEXT)[["row_key"]].assign(score=70), "refused", "40 of 40 predictions lie"),
        (build_orders(NEXT)[["row_key"]], "refused", "missing: score"),
        (pd.DataFrame({"order": ["x"], "score": [0.5]}), "unmatched", "None of the log's 1 rows"),
        (pd.DataFrame({"order": [], "score": []}), "unmatched", "None of the log's 0 rows"),
    ],
)
def test_without_usable_answers_the_state_is_named_our_scoring_stands_in_and_a_log_ends_it(
    logged: World, answers: pd.DataFrame | None, state: str, said: str
) -> None:
    if answers is not None:
        write(logged, NEXT, answers.rename(columns={"row_key": "order"}))
    night = logged.live(NEXT)
    assert night.evidence.served
    assert night.evidence.served.state == state
    assert said in told(logged)
    assert "quality is judged on our own scoring" in told(logged)
    after = logged.live(NEXT + 1)
    assert day(NEXT) not in after.evidence.quality.served
    assert after.evidence.quality.latest_labels == day(NEXT)
    log(logged, NEXT)
    assert day(NEXT) in logged.live(NEXT + 2).evidence.quality.served
    assert record(logged).told.state == "known"


def test_a_file_of_noise_is_a_refused_log(logged: World) -> None:
    (logged.root / "log" / f"{day(NEXT)}.csv").write_bytes(b"\x1f\x8b\xff\x00" * 50)
    assert logged.live(NEXT).predictions
    assert record(logged).told.state == "refused"


def test_the_same_night_twice_has_no_second_effect(logged: World) -> None:
    log(logged, NEXT)
    logged.live(NEXT)
    before = logged.files()
    logged.forget()
    logged.night(NEXT)
    assert logged.files() == before


def test_a_night_delivered_anew_is_held_against_the_log_again(logged: World) -> None:
    log(logged, NEXT)
    logged.live(NEXT)
    logged.deliver(NEXT, build_orders(NEXT, rows=30))
    logged.live(NEXT + 1)
    assert record(logged).told.kept == 30
    assert day(NEXT) in logged.live(NEXT + 2).evidence.quality.served


def test_a_log_that_does_not_answer_fails_the_night_which_goes_on_later(
    logged: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("the bucket does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(ServiceLog, "fingerprint", away)
        with pytest.raises(StoreUnavailable):
            logged.live(NEXT)
    assert logged.night(NEXT).evidence.served


def test_an_erased_row_leaves_the_answers(logged: World) -> None:
    log(logged, NEXT)
    logged.live(NEXT)
    key = build_orders(NEXT)["row_key"][0]
    erase(logged.store, logged.project, [key], "she asked for it", "ann", lambda _: None)
    made = record(logged)
    assert made.rows
    assert key not in set(load_frame(logged.store, made.rows)["row_key"])
    logged.live(NEXT + 1)
    assert day(NEXT) in logged.live(NEXT + 2).evidence.quality.served
    logged.forget()
    assert {found.state for found in verify(logged.store, NAME)} == {"expired"}


def test_a_key_of_several_columns_is_made_as_in_a_source(tmp_path: Path) -> None:
    pd.DataFrame({"shop": ["a"], "no": [7], "p": [0.5]}).to_csv(tmp_path / "x.csv", index=False)
    declared = ServiceLog(
        table=SideFile(file=f"{tmp_path}/x.csv"), key=("shop", "no"), prediction="p"
    )
    found = declared.read(day(0))
    assert found
    assert found.frame["key"].tolist() == ["a|7"]
