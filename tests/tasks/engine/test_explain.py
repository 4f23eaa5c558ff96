"""One row explained: what adds up, what is typical, what stays out, and where values came from."""

import json

import numpy as np
import pandas as pd
import pytest

from deployments.commands.keep import mark_erased
from deployments.page.paper import render_paper
from schemas.errors import NotYet
from schemas.explained import Explained
from schemas.project import Matrix
from tasks.core.switching import switched, typical_values
from tasks.engine.explain import explain
from tasks.engine.ingest import ingest_batch
from tasks.telling.explained import explained_paper
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NIGHT = YOUNG + 1
KEY = f"{day(NIGHT)}-0007"
CLEANED = (
    "cleaning=(NullSentinels(columns=('wait',), values=(-1,)), DropOutside(column='hour', low=0))"
)


def _explain(world: World, key: str = KEY, number: int | None = None) -> Explained:
    world.forget()
    return explain(world.store, world.project, key, None if number is None else day(number))


def _text(told: Explained) -> str:
    return str(explained_paper(told))


@pytest.fixture
def scored(young: World) -> World:
    """A night that the first champion scored."""
    young.live(NIGHT)
    return young


def test_contributions_and_base_add_up_to_what_was_recorded(scored: World) -> None:
    before = scored.files()
    told = _explain(scored)
    assert (told.how, told.unit, told.version) == ("tree paths", "log-odds", scored.champion)
    shown = sum(one.contribution for one in told.contributions)
    assert told.base is not None
    assert told.margin is not None
    assert told.margin == pytest.approx(told.base + shown + told.hidden_contribution)
    assert 1 / (1 + np.exp(-told.margin)) == pytest.approx(told.prediction, abs=1e-5)
    assert told.recorded is not None
    assert told.recorded.prediction == pytest.approx(told.prediction)
    assert "That is what was recorded that night." in _text(told)
    assert {"amount", "shop"} <= {one.feature for one in told.contributions}
    assert scored.files() == before


def test_a_sensitive_column_stays_out_by_name_value_and_number(scored: World) -> None:
    told = _explain(scored)
    income = build_orders(NIGHT).loc[7, "income"]
    for text in (json.dumps(told.model_dump(mode="json")), _text(told)):
        assert "income" not in text
        assert str(income) not in text
    assert told.hidden == 1
    assert "1 of sensitive columns, together" in _text(told)


def test_a_category_is_told_by_its_word_and_values_by_their_way(scored: World) -> None:
    orders = build_orders(NIGHT)
    told = _explain(scored)
    [shop] = [one for one in told.contributions if one.feature == "shop"]
    assert shop.value == orders.loc[7, "shop"]
    [amount] = [path for path in told.paths if path.column == "amount"]
    assert [stage.at for stage in amount.stages] == ["delivered", "stored"]
    assert float(amount.stages[0].value) == orders.loc[7, "amount"]
    assert amount.features == ("amount",)


def test_cleaning_shows_where_a_value_changed(world: World) -> None:
    world.declare(CLEANED)
    world.deliver_all(range(YOUNG))
    orders = build_orders(YOUNG)
    orders.loc[7, "wait"], orders.loc[0, "hour"] = -1, -5
    world.deliver(YOUNG, orders)
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    told = _explain(world, f"{day(YOUNG)}-0007")
    [wait] = [path for path in told.paths if path.column == "wait"]
    assert [stage.value for stage in wait.stages] == ["-1.0", "null", "null"]
    assert wait.stages[1].at.startswith("NullSentinels(")
    assert "-1.0 (delivered) → null (NullSentinels(" in _text(told)
    assert told.recorded is None
    assert "Nothing was predicted of this row that night" in _text(told)


def test_files_that_are_gone_or_cleaning_that_was_edited_is_said(scored: World) -> None:
    scored.withdraw(f"{day(NIGHT)}.orders.csv")
    told = _explain(scored)
    assert "the files that the night was read from are not there any more" in _text(told)
    assert all(len(path.stages) == 1 for path in told.paths)
    scored.declare(CLEANED)
    assert "the cleaning was edited since" in _explain(scored).delivered


def test_a_night_that_was_delivered_again_since_it_was_scored_says_so(scored: World) -> None:
    scored.deliver(NIGHT, build_orders(NIGHT, shift=2.0))
    ingest_batch(scored.store, scored.project, day(NIGHT))
    told = _explain(scored)
    assert told.recorded is not None
    assert not told.recorded.same_batch
    assert "the night was delivered again since" in _text(told)


def test_without_trees_each_feature_is_set_to_what_is_typical(
    scored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.taken_apart.path_contributions", lambda *_: None)
    told = _explain(scored)
    assert (told.how, told.unit, told.base) == ("switched", "probability", None)
    trained = pd.concat([build_orders(n) for n in range(YOUNG - 7, YOUNG)])
    [amount] = [one for one in told.contributions if one.feature == "amount"]
    assert float(amount.typical or "nan") == pytest.approx(trained["amount"].median(), rel=1e-4)
    assert "do not add up" in _text(told)
    assert any(one.contribution for one in told.contributions)


def test_switching_is_the_prediction_less_that_without_the_feature() -> None:
    row = Matrix(("a", "b"), ("number", "category"), np.array([[3.0, 1.0]], dtype=np.float32))
    training = Matrix(
        ("a", "b"),
        ("number", "category"),
        np.array([[1, 0], [2, 0], [9, 1], [np.nan, np.nan]], np.float32),
    )
    typical = typical_values(training)
    assert typical.tolist() == [2.0, 0.0]
    lost = switched(row, typical, lambda m: m.values[:, 0] * 10 + m.values[:, 1].astype(float))
    assert lost.tolist() == [10.0, 1.0]


@pytest.mark.parametrize("key", ["nobody", "", "\x1b[31m<script>", "a" * 5_000])
def test_a_key_that_is_nowhere_is_refused(scored: World, key: str) -> None:
    with pytest.raises(NotYet, match="has the key") as refused:
        _explain(scored, key)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 300
    with pytest.raises(NotYet, match=f"no accepted row of night {day(2)} has the key"):
        _explain(scored, KEY, 2)


def test_an_erased_row_is_not_read_from_its_file(scored: World) -> None:
    mark_erased(NAME, key=[KEY], reason="she asked for it")
    with pytest.raises(NotYet):
        _explain(scored, KEY, NIGHT)


def test_hostile_words_are_text_of_bounded_length(scored: World) -> None:
    orders = build_orders(NIGHT + 1)
    orders.loc[7, "shop"] = "</td><script>alert(1)</script>" + "x" * 5_000
    scored.deliver(NIGHT + 1, orders)
    scored.night(NIGHT + 1)
    told = _explain(scored, f"{day(NIGHT + 1)}-0007")
    [shop] = [one for one in told.contributions if one.feature == "shop"]
    assert shop.value.startswith("missing (unknown: </td>")
    page = render_paper(explained_paper(told))
    assert "<script" not in page
    assert "x" * 200 not in page


def test_numbered_keys_are_found_as_people_write_them(world: World) -> None:
    world.declare("contract=OrdersInPlainTypes")
    for number in range(YOUNG + 1):
        orders = build_orders(number)
        orders["row_key"] = [1_000 * number + at for at in range(len(orders))]
        orders["is_first"] = True
        world.deliver(number, orders.astype({"hour": int}))
        world.label(number)
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    assert world.champion
    told = _explain(world, str(1_000 * YOUNG + 3))
    assert told.as_of == day(YOUNG)
    assert told.delivered == ""
