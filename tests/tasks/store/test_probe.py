"""The probe tells stores apart that create only if absent from those that do not."""

import os
from pathlib import Path

import pytest

from schemas.errors import StoreError, StoreUnavailable
from tasks.store import Store
from tasks.store.local import LocalStore
from tasks.store.probe import Verdict, probe, why_undecidable
from tests.building.unfit import (
    AlwaysTaken,
    Down,
    Forbidding,
    Ignoring,
    NotImplementing,
    Racing,
    Unfit,
)

VERDICTS: dict[type[LocalStore], Verdict] = {
    LocalStore: "atomic",
    Ignoring: "ignored",
    Racing: "racy",
    NotImplementing: "refused",
    Forbidding: "refused",
    AlwaysTaken: "refused",
}


@pytest.mark.parametrize(("kind", "verdict"), VERDICTS.items())
def test_each_kind_of_store_gets_its_verdict_and_nothing_is_left_there(
    kind: type[LocalStore], verdict: Verdict, tmp_path: Path
) -> None:
    backend = kind(tmp_path)
    assert probe(backend) == verdict
    assert backend.keys("probe/") == []


def test_no_verdict_on_a_store_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no answer"):
        probe(Down(tmp_path))


def test_a_store_that_answers_again_in_the_middle_is_not_said_to_refuse(tmp_path: Path) -> None:
    class Flapping(LocalStore):
        has_failed = False

        def create(self, key: str, data: bytes) -> bool:
            if not self.has_failed:
                self.has_failed = True
                raise StoreUnavailable(f"{key}: HTTP 503")
            return super().create(key, data)

    assert probe(Flapping(tmp_path)) == "atomic"


def test_a_writer_who_may_not_delete_gets_a_verdict_all_the_same(tmp_path: Path) -> None:
    class Keeping(LocalStore):
        def delete(self, key: str) -> None:
            raise StoreUnavailable(f"{key}: AccessDenied (HTTP 403)")

    assert probe(Keeping(tmp_path)) == "atomic"


def test_an_atomic_verdict_is_kept_for_a_day_and_while_the_settings_stay(tmp_path: Path) -> None:
    backend = Unfit(tmp_path / "store")
    store = Store(backend, tmp_path / "cache")

    def probes() -> bool:
        before = backend.creates
        assert why_undecidable(store) is None
        return backend.creates > before

    assert [probes(), probes()] == [True, False]
    backend.scope = "versioning switched on"
    assert [probes(), probes()] == [True, False]
    (note,) = store.cache.glob("probe-*")
    os.utime(note, (note.stat().st_atime, note.stat().st_mtime - 86_500))
    assert [probes(), probes()] == [True, False]
    note.write_text("not ours")
    assert [probes(), probes()] == [True, False]


def test_any_other_verdict_is_found_anew_so_that_a_mended_store_is_used_at_once(
    tmp_path: Path,
) -> None:
    why = why_undecidable(Store(Ignoring(tmp_path / "store"), tmp_path / "cache"))
    assert why is not None
    assert "ignored" in why
    assert "driftloop doctor" in why
    assert why_undecidable(Store(Unfit(tmp_path / "store"), tmp_path / "cache")) is None


def test_without_a_cache_to_write_in_it_is_probed_each_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    backend = Unfit(tmp_path / "store")
    for _ in range(2):
        before = backend.creates
        assert why_undecidable(Store(backend, tmp_path / "cache")) is None
        assert backend.creates > before


def test_a_folder_is_trusted_without_a_probe(tmp_path: Path) -> None:
    store = Store(LocalStore(tmp_path / "store"), tmp_path / "cache")
    assert why_undecidable(store) is None
    with pytest.raises(StoreError):
        store.backend.size("probe/0")
    assert not (tmp_path / "store").exists()
