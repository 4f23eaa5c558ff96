"""`driftloop quarantine` and `readmit` as a person types them, whatever stood in the rows."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from deployments.cli import app
from schemas.batch import Batch
from schemas.record import ObjectRef
from tasks.core.checking import REASON
from tasks.engine.frames import load_frame
from tasks.store import keys
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.deployments.commands.test_edge import type_in

NIGHT = str(day(0))
HOSTILE = {
    "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
    "+1+1": "'+1+1",
    "@SUM(A1)": "'@SUM(A1)",
    "-2+3": "'-2+3",
    " =1+1": "' =1+1",
    "\tx": "'\tx",
    "\uff1d1": "'\uff1d1",
    'a";=1+1': 'a";=1+1',
    "-5": "-5",
    "+1.5e3": "+1.5e3",
    "\x1b[31mred": "\x1b[31mred",
    "<script>": "<script>",
}


def tell(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that goes well says."""
    app(list(words), result_action="return_value")
    return capsys.readouterr().out


def set_aside(world: World) -> Batch:
    """Night 0 with hostile shops in rows whose hour is broken, of the first half income as well."""
    world.declare("policy={'quarantine_limit': 0.5}")
    orders = build_orders(0).astype({"hour": object, "income": object}).assign(**{"=note": "x"})
    broken = list(range(len(HOSTILE)))
    orders.loc[broken, "shop"] = list(HOSTILE)
    orders.loc[broken, "hour"] = 99
    orders.loc[broken[:6], "income"] = "confidential"
    world.deliver(0, orders)
    world.night(0)
    return world.store.record(keys.batch(NAME, day(0), 1), Batch)


def test_nights_are_listed_newest_first_with_their_counts(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(capsys, "quarantine", NAME) == f"{NAME}: no night has rows in quarantine\n"
    set_aside(world)
    world.deliver(1, build_orders(1).drop(columns="wait"))
    world.night(1)
    lines = tell(capsys, "quarantine", NAME).splitlines()
    assert [line.split()[:6] for line in lines[1:3]] == [
        [str(day(1)), "r01", "refused", "40", "40", "100.0%"],
        [NIGHT, "r01", "accepted", "40", "12", "30.0%"],
    ]
    listed = json.loads(tell(capsys, "quarantine", NAME, "--json"))
    assert [(one["as_of"], one["counts"]["quarantined"]) for one in listed] == [
        (str(day(1)), 40),
        (NIGHT, 12),
    ]


def test_a_nights_reasons_and_rows_are_shown_without_sensitive_values(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    set_aside(world)
    told = tell(capsys, "quarantine", NAME, NIGHT, "--rows", "12")
    lines = {" ".join(line.split()) for line in told.splitlines()}
    assert "income not a number 6 15.0% not shown" in lines
    assert "shop =cmd|' /C calc'!A0" in lines
    assert (
        "hour less_than_or_equal_to(23) 6 15.0% 99.0, 99.0, 99.0 hour of the order the web shop"
        in (lines)
    )
    assert {"row 2: income: not a number", "row 7: hour: less_than_or_equal_to(23)"} <= lines
    assert "not shown: income" in lines
    assert f"once the contract is changed: driftloop readmit {NAME} {NIGHT}" in lines
    assert "\x1b" not in told
    assert "confidential" not in told
    body = json.loads(tell(capsys, "quarantine", NAME, NIGHT, "--rows", "12", "--json"))
    assert [row["shop"] for row in body["rows"]] == [*HOSTILE]
    assert (body["not_shown"], "income" in body["rows"][0]) == (["income"], False)
    assert body["reasons"][1]["owner"] == "the web shop"
    assert "confidential" not in json.dumps(body)


def test_the_exported_file_holds_no_formula_and_every_number(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    set_aside(world)
    path = tmp_path / "aside.csv"
    told = tell(capsys, "quarantine", NAME, NIGHT, "--to", str(path))
    assert told.splitlines() == [f"12 rows in {path}", "left out as sensitive: income"]
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["row_key", "event_time", "amount", "hour", "wait", "shop", "'=note", REASON]
    assert [row[header.index("shop")] for row in rows] == [*HOSTILE.values()]
    assert {row[header.index("hour")] for row in rows} == {"99"}
    assert "confidential" not in path.read_text()
    amounts = [row[header.index("amount")] for row in rows]
    assert amounts == pd.Series(build_orders(0)["amount"][:12]).astype(str).tolist()
    code, said = type_in(capsys, "quarantine", NAME, NIGHT, "--to", str(path), "--sensitive")
    assert (code, "replace it with --force" in said) == (69, True)
    assert "confidential" not in path.read_text()
    type_in(capsys, "quarantine", NAME, NIGHT, "--to", str(path), "--sensitive", "--force")
    assert path.read_text().count("confidential") == 6


def test_a_column_that_may_be_a_sensitive_one_renamed_is_not_shown(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.deliver(0, build_orders(0).rename(columns={"income": "Income"}))
    world.night(0)
    told = tell(capsys, "quarantine", NAME, NIGHT, "--rows", "1")
    assert "not shown: Income" in told
    assert str(build_orders(0)["income"][0]) not in told


def test_readmit_says_what_came_of_it_and_what_is_left(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    set_aside(world)
    world.declare("contract=OrdersAtAnyHour, policy={'quarantine_limit': 0.5}")
    told = tell(capsys, "readmit", NAME, NIGHT)
    assert "34 of 40 rows kept, 6 quarantined. Checked again: 6 re-admitted" in told
    assert "broken     income: not a number, 6 rows (15.0%)" in told
    assert "hour:" not in told
    assert "nothing changes under today's contract" in tell(capsys, "readmit", NAME, NIGHT)
    body = json.loads(tell(capsys, "readmit", NAME, NIGHT, "--json"))
    assert (body["batch"], body["is_new"]) == (keys.batch(NAME, day(0), 2), False)


def test_no_value_of_a_sensitive_column_is_in_any_record(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = set_aside(world)
    ref = batch.quarantine
    assert isinstance(ref, ObjectRef)
    assert load_frame(world.store, ref)["income"].tolist()[:6] == ["confidential"] * 6
    records = {key: data for key, data in world.files().items() if not key.startswith("data/")}
    assert [key for key, data in records.items() if b"confidential" in data] == []
    assert "confidential" not in tell(capsys, "why", NAME, NIGHT)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--rows", "3"], 64, "name the night"),
        (["--to", "x.csv"], 64, "name the night"),
        ([NIGHT, "--sensitive"], 64, "--sensitive is for --to"),
        ([NIGHT, "--rows", "-1"], 64, "--rows -1 is refused"),
        (["yesterday"], 64, "write a date as YYYY-MM-DD"),
        ([str(day(9))], 66, "lists the nights that have rows in quarantine"),
        ([NIGHT, "--to", "/dev/null/x.csv"], 69, "name another file with --to"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    world: World, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    set_aside(world)
    told = type_in(capsys, "quarantine", NAME, *arguments)
    assert (told[0], said in told[1]) == (code, True)


def test_a_missing_value_is_called_the_same_everywhere(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.declare("policy={'quarantine_limit': 0.5}")
    orders = build_orders(0)
    orders.loc[[0, 1], ["amount", "shop", "hour"]] = None
    world.deliver(0, orders)
    world.night(0)
    told = tell(capsys, "quarantine", NAME, NIGHT, "--rows", "2")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert {"shop null", "hour null"} <= set(lines)
    assert "nan" not in told
    assert "<NA>" not in told
    assert f"next: driftloop quarantine {NAME} {NIGHT} --to FILE.csv" in lines
    assert "--rows 5" in tell(capsys, "quarantine", NAME, NIGHT)
