"""Training windows: fits of one recipe on the newest so many nights, and what each of them lost.

Which of them serve is `tasks.engine.pruning`; a fit itself is `tasks.engine.fits`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

import numpy as np

from schemas.errors import Damaged, Missing
from schemas.judgement import Judgement, Window
from schemas.model import Fit
from schemas.period import shift
from schemas.project import Project
from tasks.core.metrics import row_losses
from tasks.engine.fits import Fitter, predict
from tasks.engine.groups import can_judge, rows_to_judge
from tasks.engine.pruning import (
    SPAN,
    Length,
    Tried,
    kept_windows,
    length_of,
    menu_of,
    score_windows,
    windows_to_judge,
    windows_to_refit,
)
from tasks.engine.usable import UsableNight
from tasks.store import Store

FitNights = Callable[[Sequence[UsableNight], date], tuple[Fit, int]]


def fit_challenger(
    fitter: Fitter, nights: Sequence[UsableNight], cut: date
) -> tuple[tuple[Window, ...], int]:
    """The windows that are to be judged, from long to short, and the cost in rows x rounds."""
    policy = fitter.project.policy
    tried = read_tried(fitter.store, fitter.project, nights[-1].as_of)
    scores = score_windows(menu_of(policy), tried, nights[-1].as_of)
    chosen = windows_to_judge(policy, tried, scores, cut)
    return _fit(fitter.fit_to_be_judged, nights, cut, chosen, scores)


def refit_windows(
    fitter: Fitter, nights: Sequence[UsableNight], judged: Sequence[Window]
) -> tuple[tuple[Window, ...], int]:
    """The windows of a new champion on all of these nights, and the cost in rows x rounds."""
    policy = fitter.project.policy
    tried = read_tried(fitter.store, fitter.project, nights[-1].as_of)
    scores = score_windows(menu_of(policy), tried, nights[-1].as_of)
    chosen = windows_to_refit(policy, [window.nights for window in judged], scores)
    return _fit(fitter.fit, nights, nights[-1].as_of, chosen, scores)


def _fit(
    fit: FitNights,
    nights: Sequence[UsableNight],
    cut: date,
    windows: Sequence[Length],
    scores: Mapping[Length, float],
) -> tuple[tuple[Window, ...], int]:
    """Windows longer than the history are one fit with all past."""
    kept = kept_windows(scores)
    lengths = {window: length_of(window, len(nights)) for window in windows}
    fitted = {length: fit(nights[-length:], cut) for length in dict.fromkeys(lengths.values())}
    made = [
        Window(nights=w, fit=fitted[lengths[w]][0], kept=w in kept, score=scores.get(w))
        for w in windows
    ]
    return tuple(made), sum(spent for _, spent in fitted.values())


def read_tried(store: Store, project: Project, known: date) -> tuple[Tried, ...]:
    """Losses of past contests, whatever the recipe: a change keeps what is known of windows.

    With all past alone nothing is asked.
    """
    if not project.policy.windows:
        return ()
    return tuple(_tried(store, project.name, shift(known, -SPAN)))


def _tried(store: Store, project: str, since: date) -> Iterator[Tried]:
    for place, key in store.places("judgements", project):
        if place.as_of is None or place.as_of < since:
            continue
        with suppress(Missing, Damaged):  # for `driftloop verify` to tell, not a reason to stop
            judged = store.record(key, Judgement)
            losses = {one.nights: one.loss for one in judged.windows if one.loss is not None}
            if judged.cut and judged.contest and losses:
                yield Tried(judged.cut, judged.contest.nights[-1].as_of, losses)


def with_losses(
    store: Store, project: Project, windows: Sequence[Window], gate: Sequence[UsableNight]
) -> tuple[Window, ...]:
    """The windows with their mean losses on the rows of the gate nights that judge.

    All past alone has nothing to be held against.
    """
    judges = [night for night in gate if can_judge(store, project, night)]
    if not project.policy.windows or not judges:
        return tuple(windows)
    fits = {window.fit.id: window.fit for window in windows}
    sums, rows = dict.fromkeys(fits, 0.0), 0
    for night in judges:
        frame = rows_to_judge(store, project, night)
        target = frame[project.target].to_numpy(dtype=np.float64)
        rows += len(target)
        for name, fit in fits.items():
            scores = predict(store, project, (fit,), frame)
            sums[name] += float(row_losses(project.task, target, scores).sum())
    return tuple(one.model_copy(update={"loss": sums[one.fit.id] / rows}) for one in windows)
