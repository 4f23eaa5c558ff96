"""What a learning curve says, in words, with the next step. Its shape is `tasks.core.curves`."""

from collections.abc import Iterator

from schemas.curve import Curve
from tasks.telling.figures import figure, loss_name
from tasks.telling.paper import Block, Text
from tasks.telling.pictures.passes import draw_curve


def curve_blocks(curve: Curve | None, task: str) -> Iterator[Block | None]:
    """The curve as a picture and what to do about it; a sentence where there is none."""
    if curve is None:
        yield Text("No learning curve: a fit of this family has no passes to tell apart.")
        return
    if curve.passes:
        yield draw_curve(curve, loss_name(task))
    yield Text(say_curve(curve), warns=curve.shape in ("diverged", "overshoots"))


def say_curve(curve: Curve) -> str:
    """What the shape says, and what to do."""
    if curve.shape == "diverged":
        sound = curve.passes[-1] if curve.passes else 0
        return (
            f"It diverged: after pass {sound} losses are no finite numbers. Lower learning_rate, "
            "or look for features of enormous values."
        )
    at = curve.passes.index(curve.best) if curve.best in curve.passes else -1
    lowest, last = figure(curve.validation[at]), figure(curve.validation[-1])
    if curve.shape == "still_falling":
        return (
            f"Still falling after all {curve.made} passes ({last}): try twice as many, or a "
            "higher learning_rate."
        )
    if curve.shape == "settled":
        return (
            f"Settled: lowest ({lowest}) after {curve.best} of {curve.made} passes, "
            f"{last} at the end."
        )
    if curve.chosen:
        return (
            f"Lowest ({lowest}) after {curve.best} of {curve.made} passes, then rising to {last}. "
            f"The fit stops by itself: on the newest of its own rows after {curve.chosen}."
        )
    name = "It overshoots" if curve.shape == "overshoots" else "It overfits"
    step = (
        "lower learning_rate"
        if curve.shape == "overshoots"
        else f"try {curve.best} passes, or let the fit stop by itself (patience= of XGBoost)"
    )
    return (
        f"{name}: the loss on later rows is lowest ({lowest}) after {curve.best} of {curve.made} "
        f"passes and then rises to {last}: {step}."
    )
