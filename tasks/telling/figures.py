"""Numbers as people read them. What they mean is said where they are told."""

from math import isfinite

from schemas.quantiles import level_of


def figure(value: float) -> str:
    """Four digits that count; thousands are set apart, and no power of ten below a billion.

    >>> figure(23410.2), figure(0.28317), figure(-5), figure(1e-9)
    ('23,410', '0.2832', '-5', '1e-09')
    """
    if isfinite(value) and 1_000 <= abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def signed(value: float) -> str:
    """The same with its sign, for differences.

    >>> signed(1234.5), signed(-0.25)
    ('+1,234', '-0.25')
    """
    return f"+{figure(value)}" if value > 0 else figure(value)


_LOSSES = {
    "binary": "log loss",
    "multiclass": "log loss",
    "regression": "squared error",
    "count": "Poisson deviance",
}


def loss_name(task: str) -> str:
    """What the loss of a task is called."""
    return "pinball loss" if level_of(task) is not None else _LOSSES.get(task, "loss")
