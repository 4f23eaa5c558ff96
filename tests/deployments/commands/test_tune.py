"""`driftloop tune`: what is stored and proposed; killed half way, twice at once, and what fails."""

import json
from pathlib import Path
from typing import Any

import pytest

from deployments.commands import ladder
from schemas.errors import Declined, ModelUnusable, NotYet
from schemas.search import Search
from tasks.engine.journal import Journal, journal
from tasks.engine.searches import newest_search
from tasks.engine.trying import Budget
from tasks.engine.tuning import plan_tuning
from tasks.store.verify import verify
from tests.building.brittle import Killed
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in

POOR = "family=XGBoost(n_rounds=60, learning_rate=1.0, max_depth=9)"
FEW = "12"
AS_OF = day(59)
EARLY = ("--as-of", str(AS_OF))
"""Nights enough for four cut-offs: three folds choose, one is kept out."""


def _tune(capsys: pytest.CaptureFixture[str], trials: str = FEW) -> Search:
    code, said = type_in(capsys, "tune", NAME, "--trials", trials, *EARLY, "--json")
    assert code == 0, said
    return Search.model_validate_json(said)


def _without_seconds(search: Search) -> dict[str, Any]:
    body = search.model_dump(mode="json")
    for trial in body["tuned"]["trials"]:
        del trial["fit_seconds"]
    return body


def test_poor_parameters_are_replaced_and_everything_is_stored(
    grown: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare(POOR)
    page = tmp_path / "tune.html"
    code, said = type_in(capsys, "tune", NAME, "--trials", FEW, *EARLY, "--page", str(page))
    assert code == 0, said
    search = newest_search(grown.store, NAME, "tuned")
    assert search is not None
    assert search.tuned is not None
    trials = search.tuned.trials
    assert (search.as_of, len(trials)) == (AS_OF, int(FEW))
    assert (trials[0].origin, trials[0].params["max_depth"]) == ("project", 9)
    assert {one.state for one in trials} == {"complete", "pruned"}
    assert search.tuned.chosen == search.tuned.best > 0
    kept_out = search.tuned.kept_out
    assert kept_out is not None
    assert kept_out.best < kept_out.project
    assert kept_out.cut not in search.cuts
    assert "    family=XGBoost(" in said
    assert page.read_text().count("<img") == 2 + bool(search.tuned.importance)
    assert verify(grown.store, NAME) == []


def test_rates_are_swept_and_marked(grown: World, capsys: pytest.CaptureFixture[str]) -> None:
    grown.declare("family=XGBoost(n_rounds=20, learning_rate=0.05)")
    tuned = _tune(capsys, "1").tuned
    assert tuned is not None
    assert [one.rate for one in tuned.sweep] == [0.00625, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.4]
    shapes = [one.curve.shape for one in tuned.sweep if one.curve]
    assert shapes[0] == "still_falling"
    assert shapes[-1] in ("overfits", "overshoots")


def test_another_search_begins_with_the_best_of_the_one_before(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare(POOR)
    first, second = _tune(capsys, "6"), _tune(capsys, "3")
    assert (first.number, second.number) == (1, 2)
    assert first.tuned is not None
    assert second.tuned is not None
    best = next(one for one in first.tuned.trials if one.number == first.tuned.best)
    assert second.tuned.trials[1].origin == "before"
    assert second.tuned.trials[1].params == best.params
    assert second.tuned.trials[2].params != first.tuned.trials[1].params


def test_killed_half_way_it_goes_on_to_what_it_would_have_been(
    grown: World,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grown.declare(POOR)
    noting = Journal.note

    def die(self: Journal, trial: Any) -> None:
        noting(self, trial)
        if trial.trial.number == 8:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "note", die)
        with pytest.raises(Killed):
            ladder.tune(NAME, trials=int(FEW), as_of=str(AS_OF))
    assert newest_search(grown.store, NAME, "tuned") is None
    [kept] = (grown.root / "cache" / "searches").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-20])  # a line that was cut off
    resumed = _without_seconds(_tune(capsys))
    assert not kept.exists()
    for path in (grown.root / "store" / "searches").rglob("*.json"):
        path.unlink()
    grown.forget()
    assert _without_seconds(_tune(capsys)) == resumed


def test_the_same_search_twice_at_once_is_declined(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_tuning(grown.store, grown.project, AS_OF, Budget(2, None, 60))
    with journal(grown.store.cache, NAME, plan.digest):
        code, said = type_in(capsys, "tune", NAME, "--trials", "2", *EARLY)
    assert code == Declined.exit_code
    assert "another process makes this very search" in said


@pytest.mark.usefixtures("grown")
def test_a_budget_of_rounds_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = type_in(capsys, "tune", NAME, "--rounds", "16", *EARLY, "--json")
    assert code == 0
    tuned = json.loads(said)["tuned"]
    assert (len(tuned["trials"]), tuned["budget"]) == (2, 16)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("raises", "RuntimeError: the library gave up"),
        ("text", "fit of Misbehaving returned str, not bytes"),
        ("nan", "not finite"),
        ("shape", "predicted shape"),
        ("hangs", "was not done after 0.01 minutes"),
    ],
)
def test_a_family_that_misbehaves_is_named_and_is_a_row_of_the_ladder(
    grown: World, capsys: pytest.CaptureFixture[str], does: str, told: str
) -> None:
    minutes = ("--minutes", "0.01" if does == "hangs" else "60")
    grown.declare(f"family=Misbehaving(does={does!r})")
    code, said = type_in(capsys, "tune", NAME, "--trials", "1", *EARLY, *minutes)
    assert code == ModelUnusable.exit_code
    assert f"{NAME}: every trial failed, the first: " in said
    assert told in said
    grown.declare(f"ladder=(Prior(), Misbehaving(does={does!r}))")
    code, said = type_in(capsys, "ladder", NAME, *EARLY, *minutes, "--json")
    assert code == 0, said
    assert told in json.loads(said)["families"][1]["failure"]


def test_of_a_calibrated_family_the_parameters_inside_are_searched(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("family=Platt(family=XGBoost(n_rounds=2, learning_rate=0.05, max_depth=9))")
    search = _tune(capsys, "4")
    assert search.tuned is not None
    assert search.tuned.family["kind"] == "XGBoost"
    assert len(search.tuned.sweep) > 3
    assert search.tuned.chosen > 0, search.why
    best = search.tuned.trials[search.tuned.chosen].params
    assert f"n_rounds={best['n_rounds']}" in search.next[1]
    assert search.next[1].startswith("    family=Platt(family=XGBoost(")


def test_a_family_without_parameters_is_declined(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("family=Prior()")
    code, said = type_in(capsys, "tune", NAME)
    assert code == Declined.exit_code
    assert "Prior says of no field" in said


@pytest.mark.usefixtures("young")
def test_too_few_nights_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = type_in(capsys, "tune", NAME, "--as-of", str(day(YOUNG)))
    assert code == NotYet.exit_code
    assert f"{NAME}: a search needs 42 labelled nights" in said
