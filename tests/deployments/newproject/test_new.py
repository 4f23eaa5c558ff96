"""`driftloop new` as a person types it: files, questions, history, the next command."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from deployments.cli import app
from deployments.newproject import asking, loading
from flows.find import find_project
from schemas.batch import Batch
from tasks.engine.records import newest_by_night
from tasks.home import home
from tests.building.sales import build_sales
from tests.deployments.commands.test_edge import type_in

SALES = build_sales()


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in ("DATA", "PROJECTS"):
        (tmp_path / setting.lower()).mkdir()
        monkeypatch.setenv(f"DRIFTLOOP_{setting}", str(tmp_path / setting.lower()))
    monkeypatch.chdir(tmp_path / "data")
    SALES.to_csv("sales.csv", index=False)


def words(*more: str, source: str = "sales.csv") -> list[str]:
    """A call, as a shell hands it over."""
    return ["new", "sales", "--from", source, "--time", "sold_at", "--target", "returned", *more]


def tell(capsys: pytest.CaptureFixture[str], *more: str, source: str = "sales.csv") -> str:
    """What it says when it goes well."""
    app(words(*more, source=source), result_action="return_value")
    return capsys.readouterr().out


def counts(name: str = "sales") -> tuple[int, int, int]:
    """Nights in the store, rows kept and set aside."""
    batches = [batch for _, batch in newest_by_night(home(), Batch, name).values()]
    kept = sum(batch.counts.kept for batch in batches)
    return len(batches), kept, sum(batch.counts.quarantined for batch in batches)


def test_from_a_file_to_a_loaded_history_and_the_next_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = tell(capsys)
    assert counts() == (30, len(SALES), 0)
    assert "3 (the newest 3 nights lack labels)" in said
    assert "0 quarantined" in said
    assert "the first can be fitted now, on 27 labelled nights" in said
    assert "count from 91" in said
    assert said.endswith("next: read the two files, then driftloop retrain sales\n")
    reviews = sum(p.read_text().count("# Review:") for p in (tmp_path / "projects").glob("*.py"))
    assert f"{reviews} guesses are marked Review" in said
    project = find_project("sales")
    assert project.policy.min_nights == 14
    assert sorted(project.recipe["columns"]) == ["price_eur", "shop", "temp_f"]


def test_with_too_few_nights_it_says_when_and_names_the_nightly_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    SALES.head(200).to_csv("sales.csv", index=False)
    said = tell(capsys)
    assert "after about 24 more labelled nights" in said
    assert said.endswith("then driftloop night sales\n")


def test_a_file_a_night_is_declared_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    for night, rows in SALES.head(240).groupby(SALES["sold_at"].str[:10]):
        rows.to_csv(f"{night}.csv", index=False)
    tell(capsys, source="{as_of}.csv")
    assert counts() == (6, 240, 0)


def test_a_query_is_bounded_by_the_night(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    monkeypatch.setenv("SALES_DB", url)
    SALES.head(240).rename(columns={"sold_at": "sold \"{at}'"}).to_sql("sales", url, index=False)
    query = 'SELECT *, "sold ""{at}\'" AS sold_at FROM sales -- all'
    tell(capsys, "--connection", "SALES_DB", source=query)
    assert counts() == (6, 240, 0)


def test_times_of_a_postgresql_zone_are_bounded_by_the_night_there(
    capsys: pytest.CaptureFixture[str], postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALES_DB", postgres)
    times = pd.to_datetime(SALES["sold_at"]).dt.tz_localize("Europe/Vienna")
    SALES.assign(sold_at=times).head(240).to_sql("new_sales", postgres, index=False)
    more = ("--connection", "SALES_DB", "--zone", "Europe/Vienna")
    tell(capsys, *more, source="SELECT * FROM new_sales")
    assert counts() == (6, 240, 0)


def test_files_that_are_there_are_replaced_only_when_told_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tell(capsys, "--no-history")
    mine = tmp_path / "projects" / "sales_contract.py"
    mine.write_text("mine")
    (tmp_path / "projects" / "sales.py").unlink()
    code, said = type_in(capsys, *words())
    assert (code, mine.read_text()) == (69, "mine")
    assert str(mine) in said
    assert f"replaced   {mine}" in tell(capsys, "--no-history", "--force")
    assert sorted(p.name for p in mine.parent.glob("*.py")) == ["sales.py", "sales_contract.py"]


def test_a_folder_that_is_not_there_is_made_with_the_files(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DRIFTLOOP_PROJECTS", str(tmp_path / "mine"))
    assert type_in(capsys, *words("--key", "nope"))[0] == 64
    assert not (tmp_path / "mine").exists()
    tell(capsys, "--no-history")
    assert find_project("sales").name == "sales"


def test_who_stops_the_loading_is_told_how_to_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "load_history", stop)
    with pytest.raises(SystemExit, match="130"):
        app(words(), result_action="return_value")
    go_on = "driftloop night sales --history --from 2026-01-05 --to 2026-02-03"
    assert f"go on with {go_on}\n" in capsys.readouterr().err
    assert go_on in type_in(capsys, *words())[1]


@pytest.mark.parametrize("folder", [None, "relative", "/nowhere/at/all"])
def test_a_missing_folder_is_named_with_its_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: str | None
) -> None:
    monkeypatch.delenv("DRIFTLOOP_PROJECTS")
    if folder:
        monkeypatch.setenv("DRIFTLOOP_PROJECTS", folder)
    code, said = type_in(capsys, *words())
    assert code == 78
    assert "DRIFTLOOP_PROJECTS" in said


def test_a_refused_sample_leaves_nothing_behind(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    SALES.assign(sold_at="yesterday").to_csv("sales.csv", index=False)
    assert type_in(capsys, *words())[0] == 65
    assert type_in(capsys, *words("--key", "nope"))[0] == 64
    assert type_in(capsys, *words("--zone", "Mars"))[0] == 64
    assert type_in(capsys, *words("--connection", "sqlite:///x"))[0] == 64
    assert not list((tmp_path / "projects").iterdir())
    assert not (tmp_path / "store").exists()


def test_a_terminal_is_asked_what_is_a_guess_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return ["Mars", "Europe/Vienna"][len(asked) - 1]

    monkeypatch.setattr(asking, "is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    said = tell(capsys, "--no-history")
    assert len(asked) == 2
    assert "[UTC]: " in asked[0]
    assert "no IANA time zone" in said
    assert find_project("sales").timezone == "Europe/Vienna"
    assert "the zone whose" not in Path(os.environ["DRIFTLOOP_PROJECTS"], "sales.py").read_text()


def test_three_questions_at_most_each_with_its_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = SALES.dropna(subset=["returned"]).drop(columns="sale")
    pd.concat([frame, frame.assign(shop="Bern")]).to_csv("sales.csv", index=False)
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return ""

    monkeypatch.setattr(asking, "is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    tell(capsys, "--no-history")
    assert len(asked) == 3
    assert all(question.endswith("]: ") for question in asked)
    asked.clear()
    more = ("--zone", "UTC", "--key", "sold_at", "--key", "shop", "--label-delay", "2")
    tell(capsys, "--no-history", "--force", *more)
    tell(capsys, "--no-history", "--force", "--yes")
    assert not asked


def test_json_says_the_files_and_the_next_command(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(tell(capsys, "--json", "--no-history"))
    assert [Path(file).name for file in told["files"]] == ["sales_contract.py", "sales.py"]
    assert told["next"] == "driftloop check sales"


@pytest.mark.parametrize("period", ["week", "hour"])
def test_weeks_and_hours_are_written_and_weeks_loaded(
    capsys: pytest.CaptureFixture[str], period: str
) -> None:
    more = ["--no-history"] if period == "hour" else []
    said = tell(capsys, "--period", period, "--zone", "Europe/Vienna", *more)
    assert f"each is one {period}" in said
    project = find_project("sales")
    assert (project.period, project.policy.gate_nights) == (period, {"week": 4, "hour": 48}[period])
    assert period == "hour" or "reference weeks on; with reference_nights=52 they start no" in said
    assert more or counts() == (5, len(SALES), 0)
