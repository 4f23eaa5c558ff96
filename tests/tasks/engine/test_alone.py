"""One run of a project at a time: what happens where no lock can be made."""

from pathlib import Path

import pytest

from schemas.errors import StoreUnavailable
from tasks.engine.alone import alone


def test_a_cache_that_is_no_folder_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DRIFTLOOP_CACHE", str(tmp_path / "file"))
    with pytest.raises(StoreUnavailable, match="DRIFTLOOP_CACHE"), alone("shop"):
        pass
