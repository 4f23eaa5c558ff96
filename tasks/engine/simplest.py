"""The simplest learned family, fitted on a challenger's own nights, where a gate asks for it.

Which family that is follows from the project's ladder (`tasks.families.ladder`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from schemas.judgement import Kind
from tasks.engine.contest import Scorer
from tasks.engine.fits import Fitter, Prepared, predict
from tasks.engine.usable import UsableNight
from tasks.families.ladder import simplest_below


def fit_simplest(
    fitter: Fitter,
    nights: Sequence[UsableNight],
    cut: date,
    kind: Kind,
    prepare: Callable[[], Prepared] | None = None,
) -> tuple[Mapping[str, Scorer], int]:
    """Its scores under the name `simplest`, and its cost in rows x rounds.

    Nothing for a refresh, where no gate asks for it, or where the challenger's family is as simple.
    """
    project = fitter.project
    family = simplest_below(project.family, project.ladder, project.task)
    is_asked = kind != "refresh" and any(gate.needs_simplest for gate in project.gates)
    if family is None or not is_asked:
        return {}, 0
    simple = project.model_copy(update={"family": family})
    fit, spent = Fitter(fitter.store, simple, {}).fit_to_be_judged(nights, cut, prepare)
    return {"simplest": partial(predict, fitter.store, simple, (fit,))}, spent
