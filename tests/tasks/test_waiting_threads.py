"""OpenMP is told to let waiting threads sleep whatever is imported first."""

import importlib
import os

import pytest

import tasks

POLICY = "OMP_WAIT_POLICY"


def test_threads_sleep_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for said, follows in ((None, "passive"), ("active", "active")):
        if said is None:
            monkeypatch.delenv(POLICY, raising=False)
        else:
            monkeypatch.setenv(POLICY, said)
        importlib.reload(tasks)
        assert os.environ[POLICY] == follows
