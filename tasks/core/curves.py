"""What a learning curve and a sweep of learning rates say. Pure over lists of losses.

Families give the losses (`trace`); which rows they are of is `tasks.engine.examine`'s and
`tasks.engine.sweep`'s.
"""

from collections.abc import Iterator, Sequence
from math import isfinite

from schemas.curve import Curve, Losses, Shape

POINTS = 100
"""Passes of which a stored curve tells the losses: all, or so many of them evenly."""

_RISE = 0.05
"""Of what the loss fell, or of the loss where that is less: a rise that counts."""
_FALL = 0.02
"""Of the same: a fall in the last tenth that counts."""
_NOISE = 0.005
"""Of the loss: what counts for no rise."""
_EARLY = 1 / 3
"""Share of the passes within which the lowest loss of a rate that overshoots lies."""


def read_curve(losses: Losses) -> Curve:
    """The curve up to the first loss that is no finite number, thinned out, and its shape."""
    pairs = list(zip(losses.training, losses.validation, strict=True))
    sound = _sound(losses)
    kept = pairs[:sound]
    best = min(range(sound), key=lambda at: kept[at][1]) + 1 if kept else None
    shown = sorted(_shown(sound, best))
    return Curve(
        passes=tuple(shown),
        training=tuple(_rounded(kept[at - 1][0]) for at in shown),
        validation=tuple(_rounded(kept[at - 1][1]) for at in shown),
        best=best,
        shape=_shape([validation for _, validation in kept], best, len(pairs)),
        made=len(pairs),
        chosen=losses.chosen,
    )


def _sound(losses: Losses) -> int:
    """Passes before the first whose losses are no numbers."""
    pairs = zip(losses.training, losses.validation, strict=True)
    broken = (at for at, pair in enumerate(pairs) if not all(map(isfinite, pair)))
    return next(broken, len(losses.training))


def _shown(sound: int, best: int | None) -> Iterator[int]:
    if best is None:
        return
    every = -(-sound // POINTS)
    yield from {*range(1, sound + 1, every), best, sound}


def _shape(validation: Sequence[float], best: int | None, made: int) -> Shape:
    """Judged by what the loss fell in all, or by itself; one that only ever rose overshoots."""
    if best is None or len(validation) < made:
        return "diverged"
    lowest, last = validation[best - 1], validation[-1]
    scale = min(validation[0] - lowest, lowest)
    if last - lowest > max(_RISE * scale, _NOISE * lowest):
        return "overshoots" if best <= max(1, _EARLY * made) else "overfits"
    before = validation[-1 - max(1, made // 10)] if made > 1 else last
    return "still_falling" if best > 0.9 * made and before - last > _FALL * scale else "settled"


def _rounded(loss: float) -> float:
    return float(f"{loss:.6g}")
