"""A store copied elsewhere: the same keys and bytes, checked, resumed after a kill."""

from pathlib import Path

import pytest

from deployments.cli import app
from schemas.errors import Damaged, Declined, InvalidName
from schemas.ledger import Action
from tasks.store import Store, keys, open_store
from tasks.store.copy import carry_copy, plan_copy
from tasks.store.ledger import entries
from tasks.store.verify import verify
from tests.building.brittle import Brittle, Killed
from tests.building.s3_server import S3Server
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, decide, fill, open_local


@pytest.fixture
def source(tmp_path: Path) -> Store:
    store = open_local(tmp_path / "source")
    fill(store)
    return open_local(tmp_path / "source")


def copied(source: Store, target: Store) -> int:
    plan = plan_copy(source, target)
    sizes: list[int] = []
    carry_copy(source, target, plan, sizes.append)
    assert sum(sizes) == sum(one.bytes for one in (*plan.objects, *plan.entries))
    return len(sizes)


def content(store: Store) -> dict[str, bytes]:
    tops = [f"{folder}/" for folder in (*keys.FOLDERS, "champion")]
    found = [key for top in tops for key in store.backend.keys(top)]
    return {key: store.backend.read(key) for key in found}


def test_a_copy_holds_the_same_bytes_and_is_not_made_twice(source: Store, tmp_path: Path) -> None:
    target = open_local(tmp_path / "target")
    assert copied(source, target) > 10
    assert content(target) == content(source)
    assert verify(target, PROJECT) == []
    assert copied(source, target) == 0


def test_a_folder_moves_to_s3_and_back_by_the_command(
    source: Store,
    moto_server: S3Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in moto_server.environment.items():
        monkeypatch.setenv(name, value)
    bucket, back = f"s3://{moto_server.make_bucket()}/models", (tmp_path / "back").as_uri()
    app(["copy", source.backend.describe(), bucket], result_action="return_value")
    app(["copy", bucket, back], result_action="return_value")
    assert content(open_store(back, tmp_path / "cache")) == content(source)
    assert f"to move there: stop the worker, copy once more, then DRIFTLOOP_STORE={back}" in (
        capsys.readouterr().out
    )


def test_what_came_since_is_added(source: Store, tmp_path: Path) -> None:
    target = open_local(tmp_path / "target")
    copied(source, target)
    decide(source, "unfreeze")
    assert copied(source, target) == 1
    assert entries(open_local(tmp_path / "target"), PROJECT) == entries(source, PROJECT)


def test_a_copy_killed_at_any_write_has_no_champion_it_cannot_serve_and_is_resumed(
    source: Store, tmp_path: Path
) -> None:
    writes = plan_copy(source, open_local(tmp_path / "target")).total
    for at in range(1, writes + 1):
        folder = tmp_path / str(at)
        whole = open_local(folder)
        dying = Store(Brittle(whole.backend, at=at), folder / "cache")
        with pytest.raises(Killed):
            copied(source, dying)
        if open_local(folder).places("ledger", PROJECT):
            assert all("/ledger/" in f"/{f.key}" for f in verify(open_local(folder), PROJECT))
        copied(source, open_local(folder))
        assert content(open_local(folder)) == content(source)


def test_a_damaged_source_stops_with_its_key(source: Store, tmp_path: Path) -> None:
    record = keys.batch(PROJECT, NIGHT, 1)
    source.backend.replace(record, source.backend.read(record).replace(b"1.0", b"2.0"))
    with pytest.raises(Damaged, match=record):
        copied(source, open_local(tmp_path / "target"))


def test_a_target_of_another_history_is_left_as_it_is(source: Store, tmp_path: Path) -> None:
    target = open_local(tmp_path / "target")
    decide(target, "promote", VERSIONS[9])
    before = content(target)
    with pytest.raises(Declined, match=r"the first is ledger/flights/0{11}1.json: it is another"):
        copied(source, target)
    assert content(target) == before


@pytest.mark.parametrize("action", ["freeze", "unfreeze"])
def test_a_copy_that_went_on_by_itself_is_left_as_it_is(
    source: Store, tmp_path: Path, action: Action
) -> None:
    target = open_local(tmp_path / "target")
    copied(source, target)
    decide(open_local(tmp_path / "target"), action)
    decide(source, "ack")
    before = content(target)
    with pytest.raises(Declined, match=r"gone on by itself.*Nothing was written"):
        copied(source, open_local(tmp_path / "target"))
    assert content(target) == before


def test_a_store_is_not_copied_onto_itself(source: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidName, match="onto itself"):
        copied(source, open_local(tmp_path / "source"))
