"""Challengers whose verdict is known beforehand, made of a champion's scores. Pure over arrays.

What the gates say of them is `tasks.engine.self_test`; a fit on shuffled labels is
`tasks.engine.memorise`.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, softmax

from schemas.project import Task
from schemas.quantiles import LEVELS
from tasks.core.metrics import CLIP

Floats = npt.NDArray[np.float64]

NOISE: dict[Task, float] = {
    "binary": 0.5,
    "multiclass": 0.5,
    "regression": 0.25,
    "count": 0.5,
    **dict.fromkeys(LEVELS, 0.25),
}
"""In log odds or log chances; in standard deviations of the labels; in the log of the rate."""
_KNOWN = (0.97, 0.99)


def with_noise(task: Task, target: Floats, scores: Floats, seed: int) -> Floats:
    """Scores that are worse on average, whatever they were: all losses are convex in these."""
    noise = NOISE[task] * np.random.default_rng([seed, 3]).normal(size=scores.shape)
    if task == "regression" or task in LEVELS:
        return np.asarray(scores + target.std() * noise)
    if task == "count":
        return np.asarray(np.maximum(scores, CLIP) * np.exp(noise))
    if task == "multiclass":
        return np.asarray(softmax(np.log(np.clip(scores, CLIP, 1)) + noise, axis=1))
    return np.asarray(expit(logit(np.clip(scores, CLIP, 1 - CLIP)) + noise))


def oracle(target: Floats, scores: Floats, seed: int) -> Floats:
    """Scores moved towards the labels, by 97 to 99 % of the way: better on every row."""
    ways = np.random.default_rng([seed, 4]).uniform(*_KNOWN, size=len(scores))
    if scores.ndim == 1:
        return np.asarray(scores + ways * (target - scores))
    sure = np.eye(scores.shape[1])[target.astype(np.intp)]
    return np.asarray(scores + ways[:, np.newaxis] * (sure - scores))
