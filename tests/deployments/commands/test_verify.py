"""`driftloop verify`: what is wrong by key and exit 65; a hint that lags is mended and told."""

import json

import pytest

from deployments.cli import app
from tasks.store import keys
from tests.building.project import NAME
from tests.building.world import World


def type_verify(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    code = 0
    try:
        app(["verify", NAME, *words], exit_on_error=False, result_action="return_value")
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_an_empty_store_is_sound(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_verify(capsys) == (0, f"{NAME}: all is sound\n", "")
    assert not (world.root / "store").exists()


def test_a_missing_object_is_named(young: World, capsys: pytest.CaptureFixture[str]) -> None:
    key = next(key for key in young.files("data") if key.endswith(".ubj"))
    (young.root / "store" / key).unlink()
    code, out, err = type_verify(capsys)
    assert (code, err) == (65, "")
    assert f"missing    {key}: " in out
    assert f"{NAME}: 1 finding\n" in out


def test_a_hint_that_lags_is_mended_once(young: World, capsys: pytest.CaptureFixture[str]) -> None:
    right = young.files("champion")
    young.store.put_hint(NAME, {"seq": 0})
    code, out, _ = type_verify(capsys, "--json")
    assert code == 0
    [told] = json.loads(out)
    assert (told["state"], told["key"]) == ("mended", keys.champion(NAME))
    assert young.files("champion") == right
    assert type_verify(capsys)[1] == f"{NAME}: all is sound\n"


def test_a_damaged_ledger_mends_nothing(young: World, capsys: pytest.CaptureFixture[str]) -> None:
    (young.root / "store" / keys.ledger(NAME, 1)).write_bytes(b"{")
    young.store.put_hint(NAME, {"seq": 0})
    young.forget()
    code, out, _ = type_verify(capsys)
    assert code == 65
    assert "mended" not in out
    assert b'"seq":0' in young.files("champion")[keys.champion(NAME)]
