"""What every cleaning step promises, checked on each that the tree holds."""

import pandas as pd
import pytest
from pydantic import ValidationError

import tasks.cleaning
from schemas.cleaning import CleaningStep
from tasks.cleaning.clip import Clip
from tasks.cleaning.convert_unit import ConvertUnit
from tasks.cleaning.drop_outside import DropOutside
from tasks.cleaning.fill_default import FillDefault
from tasks.cleaning.keep_one import KeepOne
from tasks.cleaning.normalise_words import NormaliseWords
from tasks.cleaning.null_sentinels import NullSentinels
from tasks.cleaning.rename import Rename
from tasks.core.cleaning import clean_rows
from tests.building.rows import day
from tests.contracts.found import find_kinds

STEPS: list[CleaningStep] = [
    Clip(column="temp", low=-50, high=50),
    ConvertUnit(column="temp", factor=5 / 9, offset=-160 / 9),
    DropOutside(column="temp", high=500),
    FillDefault(column="visits", value=0),
    KeepOne(by=("at",), keep="last"),
    NormaliseWords(columns=("shop",), case="lower", synonyms={"n": "north"}),
    NullSentinels(columns=("temp", "shop"), values=(-999, "n/a")),
    Rename(columns={"temp": "temperature"}),
]


@pytest.fixture(params=STEPS, ids=lambda step: type(step).__name__)
def step(request: pytest.FixtureRequest) -> CleaningStep:
    """One step of each kind."""
    made: CleaningStep = request.param
    return made


@pytest.fixture(params=["text", "typed"])
def frame(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Rows as a text file gives them, or typed as Parquet does; an unreadable value in one."""
    text = pd.DataFrame(
        {
            "at": pd.Series(["2026-03-01", "2026-03-01", "2026-03-02", None]),
            "shop": [" N ", "north", "n/a", None],
            "temp": ["-999", "9831.3", "70", None],
        },
        dtype="str",
    )
    if request.param == "text":
        return text.assign(temp=text["temp"].replace({"70": "warm"}))
    return text.assign(temp=pd.to_numeric(text["temp"]), at=text["at"].astype("datetime64[us]"))


def test_every_step_is_checked_here() -> None:
    assert find_kinds(tasks.cleaning, CleaningStep) == [type(step) for step in STEPS]


def test_it_is_frozen_strict_and_dumps_its_kind(step: CleaningStep) -> None:
    dump = step.model_dump(mode="json")
    assert dump["kind"] == type(step).__name__
    fields = {name: value for name, value in dump.items() if name != "kind"}
    assert type(step).model_validate(fields) == step
    with pytest.raises(ValidationError, match="frozen"):
        setattr(step, next(iter(fields)), None)
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(step).model_validate({**fields, "surplus": 1})


def test_its_counts_hold_and_the_frame_it_was_given_stays(
    step: CleaningStep, frame: pd.DataFrame
) -> None:
    before = frame.copy()
    cleaned = clean_rows(frame, (step,), day(0))
    pd.testing.assert_frame_equal(frame, before)
    [did] = cleaned.steps
    assert (did.before, did.after) == (len(frame), len(cleaned.frame))
    assert did.changed + did.dropped > 0
    assert did.examples


def test_a_step_that_goes_by_row_does_the_same_to_parts_of_a_table(
    step: CleaningStep, frame: pd.DataFrame
) -> None:
    whole = clean_rows(frame, (step,), day(0))
    parts = [clean_rows(frame.iloc[at : at + 1], (step,), day(0)) for at in range(len(frame))]
    [did], counts = whole.steps, ("before", "after", "changed")
    sums = [sum(getattr(part.steps[0], name) for part in parts) for name in counts]
    is_same = sums == [getattr(did, name) for name in counts]
    assert is_same == step.by_row
    if step.by_row:
        rows = [row for part in parts for row in part.frame.astype(object).to_dict("records")]
        assert pd.DataFrame(rows).equals(
            pd.DataFrame(whole.frame.astype(object).to_dict("records"))
        )


@pytest.mark.parametrize(
    "step", [step for step in STEPS if not isinstance(step, ConvertUnit)], ids=lambda s: s.kind
)
def test_a_second_time_changes_nothing(step: CleaningStep, frame: pd.DataFrame) -> None:
    once = clean_rows(frame, (step,), day(0)).frame
    twice = clean_rows(once, (step,), day(0))
    pd.testing.assert_frame_equal(twice.frame, once)
    assert (twice.steps[0].changed, twice.steps[0].dropped) == (0, 0)


def test_without_its_columns_or_rows_it_changes_nothing(
    step: CleaningStep, frame: pd.DataFrame
) -> None:
    other = pd.DataFrame({"other": [1, 2], "visits": [0, 0]})
    for given in (other, frame.head(0).assign(visits=0.0), pd.DataFrame()):
        cleaned = clean_rows(given, (step,), day(0))
        assert len(cleaned.frame) == len(given)
        assert sum(did.changed + did.dropped for did in cleaned.steps) == 0


def test_it_is_told_as_it_was_declared(step: CleaningStep) -> None:
    assert step.told().startswith(f"{type(step).__name__}(")
    assert "kind" not in step.told()
