"""How much of what a challenger learned is its training rows themselves, and what gates see of it.

It is part of an examination. The numbers come from `tasks.core.memorising`.
"""

from schemas.record import Value


class Estimate(Value):
    """A number with its 95 % interval, which is not there where too little tells it."""

    value: float
    lower: float | None = None
    upper: float | None = None


class Memorised(Value):
    """What gates judge of it; a number is not there where it could not be measured."""

    lost: Estimate | None = None
    """How much less of the constant's loss is saved on unseen nights than on training rows."""
    noise: float | None = None
    """Share of the constant's loss that a fit on shuffled labels saves on its own rows."""
    exposure: Estimate | None = None
    """How far a prediction follows when the label of its own training row is another one."""


class Memorisation(Memorised):
    """The whole panel. Losses are means of a row, intervals Student's t over nights."""

    rows: int
    """Newest training rows that were looked at, and that the recipe was fitted on again."""
    nights: int
    training_loss: float
    holdout_loss: float
    gap: Estimate
    """Loss on unseen nights, less that on training rows."""
    noise_gain: Estimate | None = None
    """Loss that the fit on shuffled labels saves over the constant on unseen nights."""
    canaries: int = 0
    """Training rows whose labels were replaced, for `exposure`."""
    near: int = 0
    """Gate rows whose features are those of a training row, numbers to a hundredth of the rows."""
    gate_rows: int = 0
    near_loss: float | None = None
    rest_loss: float | None = None
    near_gap: Estimate | None = None
    """Loss on the other gate rows, less that on those near a training row."""
    row_rounds: int = 0
    """What the extra fits cost; part of the judgement's."""
