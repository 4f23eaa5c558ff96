"""What came of fitting a stored version once more, as data to be told. Nothing of it is stored.

Fitting is `tasks.engine.rebuild`.
"""

from typing import Literal

from schemas.record import Value


class RebuiltFit(Value):
    """One fit of a version: digests of model and feature state as recorded, and as made again.

    Without `model` and `features` it could not be made again; the version's difference says why.
    """

    role: Literal["served", "stand-in"]
    nights: int
    rows: int
    recorded_model: str
    recorded_features: str
    model: str | None = None
    features: str | None = None

    @property
    def is_equal(self) -> bool:
        """Whether both are the very bytes that were recorded."""
        made = (self.model, self.features)
        return made == (self.recorded_model, self.recorded_features)


class Input(Value):
    """Something that shapes a fit and is not what it was."""

    name: str
    sentence: str


class Rebuilt(Value):
    """A version made again. `differences` are inputs that changed, those that weigh most first."""

    project: str
    version: str
    fits: tuple[RebuiltFit, ...]
    differences: tuple[Input, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether all fits gave equal bytes."""
        return all(fit.is_equal for fit in self.fits)
