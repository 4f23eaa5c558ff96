"""The `predict.py` beside a pulled champion that is a mean of models, one for each shipped family.

That of a single model is `tasks.engine.pull.example`, with the same rules.
"""

from schemas.model import Card
from tasks.engine.pull.example import family_of, is_calibrated

_MEAN = '''\
"""Predicts with the mean of the models in this folder; needs Python, numpy{needs}."""

import json
import sys
from pathlib import Path

import numpy as np
{imports}
HERE = Path(__file__).resolve().parent
FEATURES = sorted(HERE.glob("features-??.json"))
MODELS = [{load} for file in sorted(HERE.glob("model-??.*"))]
KINDS = [{kinds} for model in MODELS]


def predict(rows):
    """One number a row: the chance of class 1, or the expected value."""
    return score([build_matrix(read_steps(file), rows) for file in FEATURES])


def score(matrices):
    """The same from finished float32 matrices, one a model: each has features of its own."""
    return np.mean([_score(*pair) for pair in zip(MODELS, matrices, strict=True)], axis=0)


def _score(model, matrix):
{score}


if __name__ == "__main__":
    print(json.dumps(predict(json.load(sys.stdin)).tolist()))
'''

_TREES = _MEAN.format(
    needs=" and xgboost",
    imports="import xgboost\nfrom features import build_matrix, read_steps\n",
    load="xgboost.Booster(model_file=file)",
    kinds='["category" if kind == "c" else "number" for kind in model.feature_types]',
    score="""\
    kinds = model.feature_types
    data = xgboost.DMatrix(matrix, feature_types=kinds, enable_categorical=True)
    return model.predict(data).astype(np.float64)""",
)
_PLAIN = "import plain\nfrom features import build_matrix, read_steps\n"
_LINEAR = _MEAN.format(
    needs="",
    imports=_PLAIN,
    load="plain.read_arrays(file.read_text())",
    kinds="plain.kinds(model)",
    score="    return plain.predict(model, matrix)",
)
_NEURAL = _MEAN.format(
    needs=" and safetensors",
    imports=f"{_PLAIN}from safetensors.numpy import load_file\n",
    load="load_file(file)",
    kinds="plain.kinds(model)",
    score="    return plain.predict(model, matrix)",
)
_SEASONAL = _MEAN.format(
    needs="",
    imports=_PLAIN.replace("plain", "seasons"),
    load="json.loads(file.read_text())",
    kinds='["number"] * model["width"]',
    score="    return seasons.predict(model, matrix)",
)
_PRIOR = _MEAN.format(
    needs="",
    imports="from features import build_matrix, read_steps\n",
    load="json.loads(file.read_text())",
    kinds='["number"]',
    score='    return np.full(len(matrix), model["prior"])',
)

_LINES = 'LINES = [json.loads(file.read_text())["calibration"] for file in FEATURES]'
_MOVED = """

def _moved(line, model, matrix):
    return rescale(_score(model, matrix), *line)
"""

_MEANS = {
    "Linear": _LINEAR,
    "Neural": _NEURAL,
    "Prior": _PRIOR,
    "Seasonal": _SEASONAL,
    "Tree": _TREES,
    "XGBoost": _TREES,
}


def mean_of(card: Card) -> str | None:
    """The `predict.py` of this card's models.

    None for classes, of which each model may know others, and for a family that is not shipped.
    """
    text = None if card.task == "multiclass" else _MEANS.get(family_of(card))
    return _calibrated(text) if text and is_calibrated(card) else text


def _calibrated(text: str) -> str:
    text = text.replace("read_steps\n", "read_steps\nfrom rescaled import rescale\n", 1)
    text = text.replace("\nKINDS =", f"\n{_LINES}\nKINDS =")
    text = text.replace(
        "[_score(*pair) for pair in zip(MODELS,", "[_moved(*one) for one in zip(LINES, MODELS,"
    )
    return text.replace("\n\ndef _score(", f"{_MOVED}\n\ndef _score(")
