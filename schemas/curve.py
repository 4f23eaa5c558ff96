"""A fit pass by pass: the curve that is stored, and what a family says of its own fits.

Reading a curve is `tasks.core.curves`; families that have one draw it in `tasks.families`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from schemas.declared import Declared
from schemas.record import Value

if TYPE_CHECKING:
    import numpy as np

    from schemas.project import Matrix, Task

Shape = Literal["diverged", "overshoots", "overfits", "still_falling", "settled"]


class Span(NamedTuple):
    """Between which values a field may be varied; `log` where a factor counts, not a step."""

    low: float
    high: float
    log: bool = False


class Curve(Value):
    """Mean loss of a row after some passes, on the rows fitted and on later ones.

    `best` is the pass with the lowest loss on the later rows, None where no loss was finite.
    """

    passes: tuple[int, ...]
    training: tuple[float, ...]
    validation: tuple[float, ...]
    best: int | None
    shape: Shape
    made: int
    """Passes that were made: all that were asked for, unless the fit diverged."""
    chosen: int | None = None
    """The passes that the family's own fit stops at, where it looks for them."""


class Losses(NamedTuple):
    """Mean losses after each pass as a family tells them; those of a fit that diverged may be NaN.

    `chosen` is the number of passes that the family itself stops at, where it looks for one.
    """

    training: tuple[float, ...]
    validation: tuple[float, ...]
    chosen: int | None = None


class Traced(Declared):
    """What a model family may say of its fits besides making them; by default nothing."""

    space: ClassVar[Mapping[str, Span]] = {}
    """The fields that `driftloop tune` varies, and between which values."""

    def trace(
        self,
        fitted: tuple["Matrix", "np.ndarray"],
        judged: tuple["Matrix", "np.ndarray"],
        task: "Task",
        seed: int,
    ) -> Losses | None:
        """Losses after each pass over `fitted`, there and on `judged`, rows that came later.

        None where a fit has no passes to tell apart.
        """
        return None
