"""The first load of a pulled version, in a process of its own: model loaders are not memory-safe.

The bytes were verified before; this finds a model that was stored broken.
"""

import subprocess
import sys
from pathlib import Path

from schemas.errors import ModelUnusable

SECONDS = 60

_CHILD = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
folder = Path(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import numpy as np
import predict
draw = np.random.default_rng(0)

def drawn(file, known):
    told = json.loads(file.read_text())
    if "features" in told:
        kinds = [feature["kind"] for feature in told["features"]]
    else:
        kinds = known or ["category" if x == "c" else "number" for x in predict.MODEL.feature_types]
    matrix = draw.normal(size=(512, len(kinds))) * 10 ** draw.uniform(-2, 5, size=(512, len(kinds)))
    for position, kind in enumerate(kinds):
        if kind == "category":
            matrix[:, position] = draw.integers(0, 8, size=512)
    matrix[draw.random(matrix.shape) < 0.2] = np.nan
    return matrix.astype(np.float32)

known = getattr(predict, "KINDS", None)
if hasattr(predict, "MODELS"):
    handed = [drawn(*pair) for pair in zip(predict.FEATURES, known, strict=True)]
else:
    handed = drawn(folder / "features.json", known)
scores = np.asarray(predict.score(handed))
expected = (512, len(predict.CLASSES)) if hasattr(predict, "CLASSES") else (512,)
if scores.shape != expected or not np.isfinite(scores).all():
    sys.exit(f"it predicted shape {scores.shape}, {int(np.isfinite(scores).sum())} finite")
"""


def try_in_child(folder: Path, name: str) -> None:
    """Load the version in this folder in a child process and predict 512 drawn rows.

    Raises:
        ModelUnusable: the child died, did not end, or its predictions are none.
    """
    command = [sys.executable, "-I", "-B", "-c", _CHILD, str(folder)]
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelUnusable(_refusal(name, f"did not predict within {SECONDS} s")) from error
    if child.returncode < 0:
        raise ModelUnusable(_refusal(name, f"died of signal {-child.returncode}"))
    if child.returncode:
        last = child.stderr.strip().splitlines()[-1:] or ["no word"]
        raise ModelUnusable(_refusal(name, f"failed ({last[0][:200]})"))


def _refusal(name: str, how: str) -> str:
    project = name.partition(" ")[0]
    return (
        f"{name}: refused, its first load in a process of its own {how}; "
        f"driftloop rollback {project}, or retrain"
    )
