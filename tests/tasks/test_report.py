"""Evidently's report says what the night record says, and nothing in the data runs in its page."""

import gzip
import json
import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tasks.engine.monitor
from schemas.model import Card
from schemas.monitoring import ColumnKind, DriftReference
from tasks import report
from tasks.core.calibration import calibrate
from tasks.core.drift import night_drift
from tasks.engine.profile import make_profile
from tasks.engine.reference import read_reference
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.fixtures import GROWN, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

HOSTILE = "<script>alert(1)</script>"
KINDS: dict[str, ColumnKind] = {
    "amount": "number",
    "gappy": "number",
    "empty": "number",
    "<b>shop</b>": "category",
}


def build_night(seed: int, shift: float = 0.0) -> pd.DataFrame:
    """A night with a usual column, one with gaps, one without any value, one hostile."""
    draw = np.random.default_rng(seed)
    gappy = pd.Series(draw.normal(size=300)).where(draw.random(300) > 0.3)
    words = pd.Series(draw.choice(["a & b", HOSTILE, "c"], size=300), dtype="str")
    return pd.DataFrame(
        {
            "amount": draw.normal(loc=shift, size=300),
            "gappy": gappy,
            "empty": np.full(300, np.nan),
            "<b>shop</b>": words,
        }
    )


@pytest.fixture(scope="module")
def reference() -> DriftReference:
    """Calibrated on 100 nights."""
    nights = [(date(2026, 1, 1) + timedelta(days=n), build_night(n)) for n in range(100)]
    return calibrate(nights, KINDS)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    """Reference rows for the plots."""
    return pd.concat([build_night(n) for n in range(3)], ignore_index=True)


def test_evidently_agrees_with_the_record_on_every_column(
    reference: DriftReference, sample: pd.DataFrame
) -> None:
    current = build_night(1_000, shift=1.0)
    told = report.report_drift(reference, sample, current).columns
    measured = night_drift(reference, current)
    assert [column.column for column in told] == list(KINDS)
    for mine, evidentlys in zip(measured, told, strict=True):
        assert evidentlys.distance == pytest.approx(mine.distance, abs=1e-12)
        assert (evidentlys.drifted, evidentlys.can_alarm) == (mine.drifted, mine.can_alarm)
    assert {c.column for c in told if c.drifted} == {"amount"}
    assert {c.column for c in told if not c.can_alarm} == {"empty"}


def test_evidentlys_json_holds_our_thresholds(
    reference: DriftReference, sample: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[dict[str, Any]] = []
    read = report._read_verdicts

    def keep(result: dict[str, Any]) -> dict[str, tuple[float, bool]]:
        results.append(result)
        return read(result)

    monkeypatch.setattr(report, "_read_verdicts", keep)
    current = build_night(1_001)
    told = {
        column.column: column for column in report.report_drift(reference, sample, current).columns
    }
    drifts = [m for m in results[0]["metrics"] if m["config"]["type"].endswith("ValueDrift")]
    assert {m["config"]["column"] for m in drifts} == {"amount", "gappy", "‹b›shop‹/b›"}
    for metric in drifts:
        mine = told[metric["config"]["column"].replace("‹", "<").replace("›", ">")]
        assert metric["value"] == mine.distance
        assert metric["config"]["threshold"] == pytest.approx(mine.threshold)


def test_a_result_without_a_number_is_an_error_never_no_drift(
    reference: DriftReference, sample: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "distance", lambda *_: float("nan"))
    with pytest.raises(ValueError, match=r"Evidently gave .* for column"):
        report.report_drift(reference, sample, build_night(1_002))


def test_nothing_in_names_or_values_runs_in_the_page(
    reference: DriftReference, sample: pd.DataFrame
) -> None:
    html = report.report_drift(reference, sample, build_night(1_003)).html
    assert html is not None
    page = gzip.decompress(html).decode()
    assert HOSTILE not in page
    assert "<b>shop" not in page
    assert r"\u2039script\u203a" in page, "the value is shown, made harmless"


def test_a_nights_record_holds_what_its_report_says_and_no_sensitive_value(
    grown: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.engine.monitor, "report_drift", report.report_drift)
    orders = build_orders(GROWN + 1, shift=2.0)
    orders["income"] = 123456.75
    orders.loc[:9, "wait"] = np.nan
    grown.deliver(GROWN + 1, orders)
    night = grown.night(GROWN + 1)
    card = grown.store.record(keys.card("shop", str(night.evidence.champion)), Card)
    drift, _ = read_reference(grown.store, card)
    expected = {column.column: column for column in night_drift(drift, orders)}
    found = {column.column: column for column in night.evidence.drift.columns}
    assert found.keys() == expected.keys() >= {"amount", "wait", "income", "shop"}
    for name, column in found.items():
        assert column.distance == pytest.approx(expected[name].distance, abs=1e-12)
        assert column.drifted == expected[name].drifted
    assert found["amount"].drifted
    assert found["income"].drifted, "sensitive columns are watched as well"
    assert night.report is not None
    page = gzip.decompress(grown.store.read_bytes(night.report)).decode()
    assert not re.search(r"income|123456\.75", page)
    assert "amount" in page
    assert "123456.75" not in json.dumps(night.model_dump(mode="json"))


def test_nothing_in_a_profile_runs_and_every_column_is_drawn() -> None:
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            HOSTILE: pd.Series([HOSTILE, "a & b", None] * 20, dtype="str"),
            "amount": draw.normal(size=60),
            "empty": np.nan,
            "huge": 1e308,
        }
    )
    numbers: dict[str, ColumnKind] = dict.fromkeys(("amount", "empty", "huge"), "number")
    page = gzip.decompress(
        report.report_profile({HOSTILE: "category", **numbers}, frame, frame.head(20))
    ).decode()
    assert HOSTILE not in page
    assert page.count("‹script›alert(1)‹/script›") + page.count(r"\u2039script\u203a") > 2
    assert not re.search(r'"x": \[[^]]*NaN', page), "a plot with a null in it stays empty"
    assert '"amount"' in page
    assert '"huge"' not in page


def test_two_names_that_look_alike_once_harmless_are_two_columns() -> None:
    names = ("<a>", "‹a›", "x&y", "x+y", "x+y'")
    assert len(set(report._spell_names(names).values())) == len(names)
    frame = pd.DataFrame({name: np.arange(40.0) + at for at, name in enumerate(names)})
    kinds: dict[str, ColumnKind] = dict.fromkeys(names, "number")
    page = gzip.decompress(report.report_profile(kinds, frame, frame)).decode()
    assert "<a>" not in page
    assert "x+y''" in page or "x+y''" in page


def test_a_profile_stands_beside_its_champions_reference_without_sensitive_values(
    young: World,
) -> None:
    young.deliver(YOUNG + 1, build_orders(YOUNG + 1).assign(income=123456.75, shop=HOSTILE))
    young.night(YOUNG + 1)
    profile = make_profile(young.store, young.project, day(YOUNG + 1))
    assert profile.version == young.champion
    page = gzip.decompress(young.store.read_bytes(profile.page)).decode()
    assert '"reference"' in page
    assert '"amount"' in page
    assert not re.search(r"income|123456\.75|<script>alert", page)
    assert verify(young.store, NAME) == []
