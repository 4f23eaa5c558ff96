"""The `predict.py` that lies beside a pulled model, one for each shipped family.

They are texts: nothing of driftloop may run in a service, and nothing here loads a model.
"""

import re
from types import ModuleType

from schemas.model import Card
from tasks.families import plain, seasons

_LOAD_TENSORS = 'load_file(HERE / "model.safetensors")'

_XGBOOST = '''\
"""Predicts with the model in this folder; needs Python, numpy and xgboost."""

import json
import sys
from pathlib import Path

import xgboost
from features import build_matrix, read_steps

HERE = Path(__file__).resolve().parent
MODEL = xgboost.Booster(model_file=HERE / "model.ubj")


def predict(rows):
    """One number a row: the chance of class 1, or the expected value."""
    return score(build_matrix(read_steps(HERE / "features.json"), rows))


def score(matrix):
    """The same from a finished float32 matrix."""
    data = xgboost.DMatrix(matrix, feature_types=MODEL.feature_types, enable_categorical=True)
    return MODEL.predict(data)


if __name__ == "__main__":
    print(json.dumps(predict(json.load(sys.stdin)).tolist()))
'''

_PRIOR = '''\
"""Predicts with the model in this folder, which is one number; needs Python and numpy."""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
MODEL = json.loads((HERE / "model.json").read_text())
KINDS = ["number"]


def predict(rows):
    """The same number for each row."""
    return score(rows)


def score(matrix):
    """The same from a finished float32 matrix."""
    return np.full(len(matrix), MODEL["prior"])


if __name__ == "__main__":
    print(json.dumps(predict(json.load(sys.stdin)).tolist()))
'''

_LINEAR = '''\
"""Predicts with the model in this folder; needs Python and numpy."""

import json
import sys
from pathlib import Path

import plain
from features import build_matrix, read_steps

HERE = Path(__file__).resolve().parent
MODEL = plain.read_arrays((HERE / "model.json").read_text())
KINDS = plain.kinds(MODEL)


def predict(rows):
    """One number a row: the chance of class 1, or the expected value."""
    return score(build_matrix(read_steps(HERE / "features.json"), rows))


def score(matrix):
    """The same from a finished float32 matrix."""
    return plain.predict(MODEL, matrix)


if __name__ == "__main__":
    print(json.dumps(predict(json.load(sys.stdin)).tolist()))
'''

_NEURAL = (
    _LINEAR.replace("needs Python and numpy", "needs Python, numpy and safetensors")
    .replace("read_steps\n", "read_steps\nfrom safetensors.numpy import load_file\n")
    .replace('plain.read_arrays((HERE / "model.json").read_text())', _LOAD_TENSORS)
)

_SEASONAL = (
    _LINEAR.replace("import plain", "import seasons")
    .replace("plain.read_arrays((HERE", "json.loads((HERE")
    .replace("plain.kinds(MODEL)", '["number"] * MODEL["width"]')
    .replace("plain.predict(", "seasons.predict(")
)

_ONE = "One number a row: the chance of class 1, or the expected value."
_CLASSES = 'CLASSES = json.loads((HERE / "features.json").read_text())["classes"]'
_EACH = "A list a row: the chance of each of CLASSES, in that order."

_LINE = 'LINE = json.loads((HERE / "features.json").read_text())["calibration"]'
CALIBRATED = "Platt"

EXAMPLES = {
    "Linear": _LINEAR,
    "Neural": _NEURAL,
    "Prior": _PRIOR,
    "Seasonal": _SEASONAL,
    "Tree": _XGBOOST,
    "XGBoost": _XGBOOST,
}
"""By the kind of the family that the model card names."""


def example_of(card: Card) -> str | None:
    """The `predict.py` of this card's model; None where its family is none of the shipped."""
    text = EXAMPLES.get(family_of(card))
    if text is None:
        return None
    text = _of_classes(text) if card.task == "multiclass" else text
    return _calibrated(text) if is_calibrated(card) else text


def is_calibrated(card: Card) -> bool:
    """Whether chances are moved along a line, which `features.json` holds."""
    return bool(card.recipe["family"]["kind"] == CALIBRATED)


def family_of(card: Card) -> str:
    """The kind of the family, of a calibrated one that of the family inside."""
    told = card.recipe["family"]
    return str(told["family"]["kind"] if is_calibrated(card) else told["kind"])


def _calibrated(text: str) -> str:
    text = text.replace("read_steps\n", "read_steps\nfrom rescaled import rescale\n", 1)
    text = text.replace("\nMODEL =", f"\n{_LINE}\nMODEL =")
    end = "\n\n\nif __name__"
    return re.sub(f"    return (.+){end}", rf"    return rescale(\1, *LINE){end}", text)


def _of_classes(text: str) -> str:
    text = text.replace(_ONE, _EACH).replace("The same number for each row.", _EACH)
    text = text.replace("which is one number;", "which is a chance a class;")
    text = text.replace("\nMODEL =", f"\n{_CLASSES}\nMODEL =")
    text = text.replace(
        'np.full(len(matrix), MODEL["prior"])', 'np.tile(MODEL["prior"], (len(matrix), 1))'
    )
    return text.replace(
        "    return MODEL.predict(data)",
        "    told = MODEL.predict(data).reshape(-1, len(CLASSES))  # no rows have one axis\n"
        "    return told / told.sum(axis=1, keepdims=True)",
    )


BESIDE: dict[str, ModuleType] = {"Linear": plain, "Neural": plain, "Seasonal": seasons}
"""The module that a family's example imports: a copy lies beside it."""
