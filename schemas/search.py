"""The record of one search over a project's past: families on a ladder, or one family's parameters.

A search decides nothing: it proposes what a person writes into the project file. How it is made is
`tasks.engine.ladder` and `tasks.engine.tuning`.
"""

from typing import Any, ClassVar, Literal

from schemas.curve import Curve
from schemas.period import AsOf
from schemas.record import Record, Value

Params = dict[str, float | int]


class Measured(Value):
    """Mean loss of a row with its 95 % interval, and how far it is behind the best."""

    loss: float
    lower: float
    upper: float
    behind: float
    standard_error: float


class TriedFamily(Value):
    """One rung of a ladder, or why it failed; seconds are the mean of its fits, on that machine."""

    family: dict[str, Any]
    declared: str
    """As a project file writes it."""
    measured: Measured | None
    failure: str = ""
    fit_seconds: float | None = None
    model_bytes: int = 0
    rows_a_second: float = 0.0


class LadderFound(Value):
    """Families simplest first, and which one the rule chooses."""

    tried: tuple[TriedFamily, ...]
    chosen: int


class Trial(Value):
    """One set of parameters. One that was `pruned` met only the first `folds`; so did a failed one.

    `share` is its loss over that of the constant, on the folds that it met.
    """

    number: int
    params: Params
    state: Literal["complete", "pruned", "failed"]
    origin: Literal["project", "before", "sampled"]
    folds: int
    share: float | None
    measured: Measured | None = None
    rounds: int = 0
    fit_seconds: float = 0.0
    failure: str = ""


class KeptOut(Value):
    """The newest fold, which chose nothing: losses there, and what the best one gains, paired."""

    cut: AsOf
    nights: int
    rows: int
    project: float
    best: float
    gain: float
    standard_error: float


class RateTried(Value):
    """A learning rate with the curve of its fit, or why there is none."""

    rate: float
    curve: Curve | None
    failure: str = ""


class Tuned(Value):
    """Trials of one family's parameters, and what came of them."""

    family: dict[str, Any]
    trials: tuple[Trial, ...]
    best: int
    """The number of the trial with the lowest loss."""
    chosen: int
    """The number of the trial that the rule proposes: 0 are the project's own parameters."""
    kept_out: KeptOut | None
    importance: dict[str, float] = {}
    """Of each parameter how far trials' losses rank as its values do (Spearman's, without sign)."""
    sweep: tuple[RateTried, ...] = ()
    rounds: int
    """Passes over rows that all fits together made, at most."""
    budget: int | None = None
    """Passes after which no other trial was begun."""


class Search(Record):
    """One search as of a night, and the lines that tell what comes of it."""

    kind: ClassVar[str] = "search"

    project: str
    as_of: AsOf
    number: int
    task: str
    recipe: str
    """Digest of the project's recipe then."""
    cuts: tuple[AsOf, ...]
    judged_nights: int
    judged_rows: int
    trained_rows: int
    """Rows that the fits at the newest cut-off knew: where they double, search again."""
    folds: str
    """What the figures were measured on, in a sentence."""
    why: str
    next: tuple[str, ...]
    ladder: LadderFound | None = None
    tuned: Tuned | None = None
