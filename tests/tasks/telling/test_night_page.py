"""A night's page: the decision first, then all that its records say, and nothing that data made."""

from typing import Any

import pytest

from schemas.batch import Batch, Failure
from schemas.monitoring import ColumnDrift
from schemas.night import Night
from tasks.store import keys
from tasks.telling.night_page import night_page
from tests.building.fixtures import GROWN, SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.tasks.telling.reading import HOSTILE, PAGE_TAGS, Seen, texts_of

NEXT = GROWN + 1


def _key(number: int, revision: int = 1) -> str:
    return keys.night(NAME, day(number), revision)


def _page(world: World, number: int, revision: int = 1) -> Seen:
    made = night_page(world.store, world.project, _key(number, revision))
    seen = Seen(made.markdown)
    decision = world.store.record(_key(number, revision), Night).decision
    assert made.markdown.startswith("**")
    assert seen.text.startswith(decision.sentence)
    assert Seen(made.sentence).text == decision.sentence
    assert set(seen.tags) <= PAGE_TAGS
    return seen


def _live(world: World, number: int, **spoiled: Any) -> None:
    world.label(number - 1)
    world.deliver(number, build_orders(number).assign(**spoiled))
    world.night(number)


def test_a_promotion_is_told_from_ingest_to_champion(served: World) -> None:
    seen = _page(served, SERVED)
    assert f"{NAME}, night {day(SERVED)}: Will this order be returned?" in seen.text
    assert "retrain Passed (refresh): not_worse" in seen.text
    assert f"{served.champion} serves from the next night (ledger 2)" in seen.text
    assert "A last attempt less than 3 nights ago." in seen.text
    assert f"Next driftloop why {NAME} {day(SERVED)}" in seen.text


def test_drift_is_tabled_nearest_first_and_drawn(grown: World) -> None:
    orders = build_orders(NEXT, shift=2.0)
    _live(grown, NEXT, amount=orders["amount"], income=orders["income"] + 40)
    seen = _page(grown, NEXT)
    table = seen.text.partition("Drifted ")[2]
    assert table.index("amount") < table.index("hour")
    assert "amount: histograms of tonight and of the reference." in seen.alts
    assert [texts_of(picture) for picture in seen.pictures]


def test_no_value_of_a_sensitive_column_is_shown(grown: World) -> None:
    orders = build_orders(NEXT)
    orders["income"] += 40
    incomes = orders["income"].astype(str)
    incomes.iloc[0] = "confidential"
    _live(grown, NEXT, income=incomes)
    night = grown.recorded(NEXT)
    assert "income" in {column.column for column in night.evidence.drift.columns if column.drifted}
    seen = _page(grown, NEXT)
    assert "income not a number 1 2.5% not shown" in seen.text
    told = " ".join([seen.text, *seen.alts, *seen.pictures])
    assert not [word for word in ("confidential", *incomes[1:]) if word in told]


def test_a_fault_names_column_share_limit_and_what_to_type(grown: World) -> None:
    _live(grown, NEXT, shop="abroad")
    seen = _page(grown, NEXT)
    assert "fault shop: unseen 100.0%" in seen.text
    assert any("abroad 100% (reference 0%)" in alt for alt in seen.alts)
    assert f"driftloop accept {NAME} {day(NEXT)} --reason ..." in seen.text


def test_a_refused_batch_shows_why_its_rows_were_set_aside(young: World) -> None:
    _live(young, YOUNG + 1, hour=99.0)
    seen = _page(young, YOUNG + 1)
    assert "40 rows read = 0 kept + 40 quarantined." in seen.text
    told = "hour less_than_or_equal_to(23) 40 100.0% 99.0, 99.0, 99.0 hour of the order"
    assert f"{told} the web shop" in seen.text


def test_quality_is_drawn_once_it_is_known(grown: World) -> None:
    for number in range(NEXT, NEXT + 3):
        grown.live(number)
    assert grown.recorded(NEXT + 2).evidence.quality.points
    seen = _page(grown, NEXT + 2)
    assert any(alt.startswith("Quality of ") for alt in seen.alts)


@pytest.mark.parametrize("number", [0, YOUNG])
def test_history_and_first_nights_have_a_page(young: World, number: int) -> None:
    assert "Champion stays: none yet" in _page(young, number).text


def test_a_night_without_data_has_a_page(world: World) -> None:
    world.night(0)
    assert "ingest no data" in _page(world, 0).text


def test_a_simulation_is_announced(young: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.building.source import Landing

    monkeypatch.setattr(Landing, "announcements", lambda *_: ("Simulated: a feed <b>broke</b>",))
    assert "Simulated: a feed <b>broke</b>" in _page(young, YOUNG).text


def test_links_are_there_when_a_page_server_is(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _page(young, YOUNG).links == []
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", "http://127.0.0.1:8080/")
    assert _page(young, YOUNG).links == [f"http://127.0.0.1:8080/{NAME}/{day(YOUNG)}"]


def test_a_page_needs_no_rows(grown: World) -> None:
    _live(grown, NEXT, amount=build_orders(NEXT, shift=2.0)["amount"])
    night = grown.recorded(NEXT)
    assert night.batch
    rows = grown.store.record(night.batch, Batch).rows
    assert rows
    (grown.root / "store" / rows.key).unlink()
    grown.forget()
    assert "The distributions cannot be drawn:" in _page(grown, NEXT).text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_record_becomes_markup(young: World, text: str) -> None:
    text = text.encode(errors="replace").decode()  # no record can hold half a letter
    night = young.recorded(YOUNG)
    assert night.batch
    batch = young.store.record(night.batch, Batch)
    failure = Failure(
        column=text, check=text, rows=3, examples=(text, text), meaning=text, owner=text
    )
    spoiled = batch.model_copy(
        update={"revision": 2, "sentence": text, "status": "refused", "failures": (failure,)}
    )
    young.store.commit(keys.batch(NAME, day(YOUNG), 2), spoiled)
    drifted = ColumnDrift(column=text, distance=0.9, threshold=0.1, drifted=True, can_alarm=True)
    drift = night.evidence.drift.model_copy(update={"state": "calibrated", "columns": (drifted,)})
    young.store.commit(
        _key(YOUNG, 2),
        night.model_copy(
            update={
                "revision": 2,
                "batch": keys.batch(NAME, day(YOUNG), 2),
                "evidence": night.evidence.model_copy(update={"drift": drift, "unscorable": text}),
                "decision": night.decision.model_copy(update={"state": text, "sentence": text}),
            }
        ),
    )
    young.declare(f"about={text!r}")
    made = night_page(young.store, young.project, _key(YOUNG, 2))
    seen = Seen(made.markdown)
    assert set(seen.tags) <= PAGE_TAGS
    assert (seen.links, seen.sources) == ([], [])
    assert seen.tags.count("pre") == 2
    assert seen.tags.count("h3") == 5
