"""Nights of rows whose values depend on the night before, and on one another within a night."""

import numpy as np
import numpy.typing as npt

from schemas.project import Matrix, Task
from tasks.core.leaks import Part

Floats = npt.NDArray[np.float64]


def make_part(task: Task = "binary", nights: int = 20, rows: int = 40, seed: int = 0) -> Part:
    """Three honest features: `strong` moves the target, `weak` hardly, `noise` does not."""
    draw = np.random.default_rng(seed)
    level = np.zeros(3)
    parts = []
    for _ in range(nights):
        level = 0.9 * level + draw.normal(size=3)
        parts.append(level + draw.normal(size=(rows, 3)))
    values = np.concatenate(parts)
    pull = values[:, 0] + 0.2 * values[:, 1] + draw.normal(size=len(values))
    target = pull if task == "regression" else (pull > np.median(pull)).astype(np.float64)
    return part_of(values, target, nights, ("strong", "weak", "noise"))


def part_of(values: Floats, target: Floats, nights: int, names: tuple[str, ...]) -> Part:
    """Equally many rows a night."""
    at = np.repeat(np.arange(nights), len(target) // nights)
    features = Matrix(names, tuple("number" for _ in names), values.astype(np.float32))
    return Part(features, target, at)


def planted(part: Part, values: Floats, name: str = "planted", *, word: bool = False) -> Part:
    """The same rows with one more feature."""
    old = part.features
    more = Matrix(
        (*old.names, name),
        (*old.kinds, "category" if word else "number"),
        np.column_stack([old.values, values]).astype(np.float32),
    )
    return Part(more, part.target, part.nights)
