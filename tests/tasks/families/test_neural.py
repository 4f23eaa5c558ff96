"""How many passes a net makes, what it learns from, and one that does not converge."""

import numpy as np
import pytest
from safetensors.numpy import load

from schemas.project import Matrix
from tasks.families.neural import Neural

VALUES = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32)
FEATURES = Matrix(("price", "wait"), ("number", "number"), VALUES)
TARGET = VALUES[:, 0] * 2.0


def test_it_makes_as_many_passes_as_are_best_on_the_newest_tenth() -> None:
    turned = TARGET.copy()
    turned[450:] *= -1  # every pass over the older rows makes it worse
    first = Neural(n_epochs=1).fit(FEATURES, turned, "regression", 0)
    assert Neural(n_epochs=30).fit(FEATURES, turned, "regression", 0) == first
    assert Neural(n_epochs=30).fit(FEATURES, TARGET, "regression", 0) != first


def test_the_newest_rows_are_learned_from_too() -> None:
    is_new = np.arange(500) >= 450  # a shop that opened within the newest tenth
    features = Matrix(
        (*FEATURES.names, "shop"),
        (*FEATURES.kinds, "category"),
        np.column_stack([VALUES, is_new]).astype(np.float32),
    )
    model = Neural().fit(features, TARGET + 3 * is_new, "regression", 0)
    said = Neural().predict(model, features) - TARGET
    assert said[is_new].mean() - said[~is_new].mean() > 0.5


def test_the_seed_decides_the_weights() -> None:
    one, same, other = (Neural().fit(FEATURES, TARGET, "regression", seed) for seed in (1, 1, -2))
    assert one == same != other


def test_layers_are_as_declared() -> None:
    model = load(Neural(hidden=(5, 4, 3)).fit(FEATURES, TARGET, "regression", 0))
    assert [model[f"weights{layer}"].shape for layer in range(4)] == [
        (2, 5),
        (5, 4),
        (4, 3),
        (3, 1),
    ]


def test_a_fit_that_diverges_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.families.neural._loss", lambda *_: float("nan"))
    with pytest.raises(ValueError, match=r"diverged within 3 passes: .* lower learning_rate"):
        Neural(n_epochs=3).fit(FEATURES, TARGET, "regression", 0)
