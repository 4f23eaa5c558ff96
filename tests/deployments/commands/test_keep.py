"""`driftloop gc` and `driftloop mark-erased` as they are typed."""

import json

import pytest

from deployments.cli import app
from schemas.errors import DriftloopError
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import age_all

KEY = f"{day(3)}-0007"
WHY = ("--reason", "she asked for it")


def type_in(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code, and what stands on stdout or is said."""
    try:
        app(list(words), exit_on_error=False, result_action="return_value")
    except DriftloopError as error:
        return error.exit_code, str(error)
    return 0, capsys.readouterr().out


def test_gc_tells_what_it_would_delete_then_deletes_it(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    young.store.add_bytes(NAME, b"left by a killed run", "json")
    code, out = type_in(capsys, "gc", NAME, "--dry-run")
    assert (code, out.splitlines()[0]) == (0, f"{NAME}: would delete 0 objects, 0 bytes")
    assert "younger than 14 days" in out
    age_all(young)
    before = young.files()
    _, out = type_in(capsys, "gc", NAME, "--dry-run")
    assert f"next: driftloop gc {NAME}" in out
    assert "named by no record: left by killed runs and tried fits" in out
    assert young.files() == before
    would = out.splitlines()[0].replace("would delete", "deleted")
    assert type_in(capsys, "gc", NAME)[1].splitlines()[0] == would
    _, out = type_in(capsys, "gc", NAME, "--json")
    assert json.loads(out) == {"dry_run": False, "objects": []}


def test_an_erasure_is_told_in_numbers_and_never_by_its_keys(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("mark-erased", NAME, "--key", KEY, "--key", "nobody", *WHY)
    code, out = type_in(capsys, *words, "--dry-run")
    assert (code, out.splitlines()[0]) == (0, f"{NAME}: would erase 1 row of 1 key in 1 night")
    assert not young.files("erasures")
    code, out = type_in(capsys, *words, "--actor", "ann")
    assert code == 0
    assert f"{NAME}: erased 1 row of 1 key in 1 night\n  deleted    2 objects, " in out
    assert f"trained on these rows: {young.champion}" in out
    assert f"erasures/{NAME}/01.json" in out
    assert "1 key found nowhere, not recorded" in out
    assert KEY not in out
    code, out = type_in(capsys, *words)
    before, unknown = (" ".join(line.split()) for line in out.splitlines())
    assert (code, before) == (0, "before 1 key erased earlier")
    assert unknown == "unknown 1 key found nowhere, not recorded"


def test_keys_come_from_a_file_as_they_stand_there(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    file = young.root / "keys.txt"
    file.write_bytes(f"{KEY}\r\n\n {KEY} \n{day(YOUNG)}-0001".encode())
    _, out = type_in(capsys, "mark-erased", NAME, "--keys-file", str(file), *WHY, "--json")
    told = json.loads(out)
    assert (told["erasure"]["rows"], told["unknown"], told["before"]) == (2, 1, 0)
    assert "salt" not in told["erasure"]


def test_what_occurs_nowhere_is_said_and_exits_66(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = young.files()
    code, said = type_in(capsys, "mark-erased", NAME, "--key", "nobody", *WHY)
    assert code == 66
    assert "no stored row has any of the 1 keys" in said
    assert young.files() == before


@pytest.mark.usefixtures("young")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ((), 64, "no key is named"),
        (("--key", ""), 64, "no key is named"),
        (("--keys-file", "/no/such/file"), 65, "one key a line"),
    ],
)
def test_without_a_key_nothing_is_erased(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, why: str
) -> None:
    found, said = type_in(capsys, "mark-erased", NAME, *words, *WHY)
    assert found == code
    assert why in said
