"""Models that are whole to every check and kill the process that loads or uses them."""

import struct

import numpy as np

from schemas.model import Card
from schemas.project import Matrix, Task
from tasks.families.xgboost import XGBoost
from tasks.store import Store, keys

_WORD = b"left_children[$l#L"
_FAR = struct.pack(">i", 0x7FFF_FFF0)


def break_model(model: bytes) -> bytes:
    """The model with the root of each tree leading far outside of its memory."""
    broken, at = bytearray(model), model.find(_WORD)
    while at >= 0:
        first = at + len(_WORD) + 8  # behind the number of children
        if model[first : first + 4] != b"\xff\xff\xff\xff":  # a tree with a split
            broken[first : first + 4] = _FAR
        at = model.find(_WORD, first)
    assert bytes(broken) != model
    return bytes(broken)


class Crashing(XGBoost):
    """Fits such models."""

    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        return break_model(super().fit(features, target, task, seed))


def commit_broken(store: Store, project: str, version: str) -> str:
    """A copy of the version under another name whose model is broken, under its right hash."""
    card = store.record(keys.card(project, version), Card)
    [fit] = card.members
    model = store.add_bytes(project, break_model(store.read_bytes(fit.model)), "ubj")
    name = "v" + "f" * 16
    members = (fit.model_copy(update={"model": model}),)
    update = {"version": name, "members": members}
    store.commit(keys.card(project, name), card.model_copy(update=update))
    return name
