"""Trials of a search in their order: what each lost, which were given up, the best so far."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from schemas.search import Trial
from tasks.telling.figures import figure
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, diamond, dot, draw, path, rule, words

_SIZE = (700, 250)
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 672, 66, 204
_TICKS = 6


def draw_trials(trials: Sequence[Trial]) -> Picture:
    """Losses as shares of the constant's; the first trial is the project's own parameters."""
    across = Scale(0, max(len(trials) - 1, 1), _LEFT + 14, _RIGHT - 14)
    height = _height(trials)
    return draw(
        "Loss of each trial, as a share of the constant's",
        _alt(trials),
        _SIZE,
        chain(_axes(trials, across, height), _best(trials, across, height), _legend()),
    )


def _height(trials: Sequence[Trial]) -> Scale:
    """Trials that are far off stay at the top: they would press all others together."""
    whole = sorted(one.share for one in trials if one.state == "complete" and one.share)
    low, usual = (whole[0], whole[len(whole) // 2]) if whole else (0.0, 1.0)
    top = max(usual, trials[0].share or usual)
    return Scale(low, top + 1.5 * (top - low) or low + 1e-9, _BOTTOM - 8, _TOP)


def _axes(trials: Sequence[Trial], across: Scale, height: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    for level in (height.low, height.high):
        yield words(_LEFT - 6, height(level) + 4, figure(level), anchor="end")
    last = len(trials) - 1
    for number in sorted({0, last, *(round(last * at / _TICKS) for at in range(1, _TICKS))}):
        yield words(across(number), _BOTTOM + 20, str(number), anchor="middle")
    yield words((_LEFT + _RIGHT) / 2, _BOTTOM + 38, "trial (0: the project's)", anchor="middle")
    own = trials[0].share
    if own is not None:
        yield rule(_LEFT, height(own), _RIGHT, height(own), "limit")
    for at, one in enumerate(trials):
        if one.state == "failed" or one.share is None:
            yield bar(across(at) - 4, _TOP - 4, 8, 8, "bad")
        else:
            yield _mark(one, across(at), height(one.share))


def _mark(one: Trial, x: float, y: float) -> str:
    """What was given up stands at the top: its share is of fewer folds."""
    return dot(x, y, "now") if one.state == "complete" else diamond(x, _TOP, "ref")


def _best(trials: Sequence[Trial], across: Scale, height: Scale) -> Iterator[str]:
    whole = [
        (at, one.share)
        for at, one in enumerate(trials)
        if one.state == "complete" and one.share is not None
    ]
    lowest = accumulate((share for _, share in whole), min)
    yield path([(across(at), height(share)) for (at, _), share in zip(whole, lowest, strict=True)])


def _legend() -> Iterator[str]:
    for x, mark, fill, name in (
        (18, dot, "now", "tried on all folds"),
        (170, diamond, "ref", "given up on the way"),
    ):
        yield mark(x, 40, fill)
        yield words(x + 10, 44, name)
    yield bar(326, 36, 8, 8, "bad")
    yield words(340, 44, "failed")
    yield rule(400, 40, 424, 40, "limit")
    yield words(430, 44, "the project's own")


def _alt(trials: Sequence[Trial]) -> str:
    states = [one.state for one in trials]
    return (
        f"{len(trials)} trials: {states.count('complete')} on all folds, "
        f"{states.count('pruned')} given up, {states.count('failed')} failed."
    )
