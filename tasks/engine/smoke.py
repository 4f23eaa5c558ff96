"""The first load of a stored model, in a process of its own: model loaders are not memory-safe.

Run as a module it is that process. The bytes were verified before (`tasks.store`).
"""

import importlib
import importlib.util
import inspect
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from schemas.errors import ModelUnusable
from schemas.model import Fit
from schemas.project import Matrix, ModelFamily, Project
from tasks.engine.fits import features_of, predict
from tasks.engine.learning import of_all_classes
from tasks.store import Store

_SECONDS = 120


def check_in_child(
    store: Store,
    project: Project,
    members: Sequence[Fit],
    frame: pd.DataFrame,
) -> None:
    """Load every member from the store in a child process, then here, and compare predictions.

    Raises:
        ModelUnusable: the child died, or predicts something else.
    """
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        jobs = []
        for number, member in enumerate(members):
            matrix = features_of(store, project, member, frame)
            values = Path(folder) / f"{number}.npy"
            np.save(values, matrix.values, allow_pickle=False)
            model = str(store.fetch(member.model))
            jobs.append({"model": model, "values": str(values), "kinds": matrix.kinds})
        told = _ask_child({"family": _address(type(project.family)), "jobs": jobs}, project)
    expected = predict(store, project, members, frame)  # after the child: a loader may crash
    arrays = [np.asarray(scores, dtype=np.float64) for scores in told]
    pairs = zip(arrays, members, strict=True)
    spread = [of_all_classes(project, one, len(frame), fit.classes) for one, fit in pairs]
    scores = np.mean(spread, axis=0)
    if scores.shape != expected.shape or not np.allclose(scores, expected, rtol=1e-6, atol=1e-9):
        raise ModelUnusable(
            f"{project.name}: the stored model predicts something else in a process of its own; "
            "not promoted"
        )


def _ask_child(question: dict[str, Any], project: Project) -> list[Any]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "tasks.engine.smoke"],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelUnusable(
            f"{project.name}: the stored model did not predict within {_SECONDS} s; not promoted"
        ) from error
    if child.returncode != 0:
        how = f"signal {-child.returncode}" if child.returncode < 0 else child.stderr.strip()[-300:]
        raise ModelUnusable(
            f"{project.name}: the stored model could not be loaded in a process of its own "
            f"({how}); not promoted"
        )
    told: list[Any] = json.loads(child.stdout.splitlines()[-1])
    return told


def _address(family: type[ModelFamily]) -> dict[str, str]:
    return {
        "module": family.__module__,
        "file": inspect.getfile(family),
        "name": family.__qualname__,
    }


def _find_family(address: dict[str, str]) -> type[ModelFamily]:
    """The class, from its module or, where a team's own file is no importable module, its file."""
    try:
        module = importlib.import_module(address["module"])
    except ImportError:
        spec = importlib.util.spec_from_file_location("driftloop_family", address["file"])
        if spec is None or spec.loader is None:
            raise
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    family: type[ModelFamily] = getattr(module, address["name"])
    return family


def _answer(question: dict[str, Any]) -> list[Any]:
    family = _find_family(question["family"])
    scores = []
    for job in question["jobs"]:
        values = np.load(job["values"], allow_pickle=False)
        names = tuple(str(number) for number in range(values.shape[1]))
        matrix = Matrix(names=names, kinds=tuple(job["kinds"]), values=values)
        model = Path(job["model"]).read_bytes()
        # prediction needs no parameters, so none are handed over
        scores.append(family.model_construct().predict(model, matrix).tolist())
    return scores


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))))
