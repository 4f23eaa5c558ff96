"""A version that cannot be loaded and used never serves; whoever pulls it lives on."""

from pathlib import Path

import pytest

from schemas.errors import ModelUnusable
from tasks.engine.pull import trial
from tasks.engine.pull.pull import pull
from tasks.store import Store
from tests.building.crashing import commit_broken
from tests.building.project import NAME
from tests.building.serving import promote, whole_version


def test_a_model_that_kills_its_loader_is_refused_and_the_last_good_version_kept(
    store: Store, folder: Path
) -> None:
    good = pull(store, NAME, folder).version  # loaded in a child as well
    promote(store, commit_broken(store, NAME, good))
    with pytest.raises(ModelUnusable) as refused:
        pull(store, NAME, folder)
    assert "its first load in a process of its own died of signal 11" in str(refused.value)
    assert f"driftloop rollback {NAME}" in str(refused.value)
    assert str(refused.value).endswith(f"current stays at {good}")
    assert whole_version(store, folder) == good
    assert sorted(path.name for path in folder.iterdir()) == ["current", good]


SCORES = "def score(matrix):\n    return "


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import time; time.sleep(60)", "did not predict within 0.5 s"),
        ("import os; os.abort()", "died of signal 6"),
        ("raise ValueError('no model')", r"failed \(ValueError: no model\)"),
        (f"{SCORES}matrix[:, 0] * float('nan')", r"failed \(it predicted shape \(512,\), 0 finite"),
        (f"{SCORES}matrix[:5, 0]", r"failed \(it predicted shape \(5,\)"),
    ],
)
def test_one_that_hangs_fails_or_predicts_no_numbers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, how: str
) -> None:
    monkeypatch.setattr(trial, "SECONDS", 0.5 if "sleep" in code else 60)
    (tmp_path / "predict.py").write_text(code)
    (tmp_path / "features.json").write_text('{"features": [{"kind": "number"}]}')
    with pytest.raises(ModelUnusable, match=f"shop v1: refused, .*{how}"):
        trial.try_in_child(tmp_path, "shop v1")
    assert not (tmp_path / "__pycache__").exists()
