"""Whom a challenger meets: the champion's stand-in, or what stands for it. Judging is elsewhere."""

from schemas.errors import ModelUnusable
from schemas.model import Card, Fit
from schemas.project import Project
from tasks.engine.fits import Fitter
from tasks.engine.groups import knows_as_much
from tasks.engine.planning import Planned
from tasks.engine.revive import revive
from tasks.engine.usable import nights_known_by


def find_rival(
    fitter: Fitter, card: Card, planned: Planned
) -> tuple[tuple[Project, list[Fit]], int]:
    """The champion's stand-in, and what it cost to fit it anew where groups= was edited since.

    It knows rows that are to judge then, or lacks some that the challenger knows.
    """
    project = fitter.project
    made_by = revive(project, card)
    if knows_as_much(project, card.stand_in):
        return (made_by, [*card.stand_in]), 0
    cut = card.stand_in[0].cut
    nights = nights_known_by(project, planned.nights, cut)
    if not nights:
        raise ModelUnusable(
            f"{project.name}: groups= was edited, and no night before {cut} is left to fit the "
            f"champion's stand-in anew; driftloop promote {project.name} --override --reason ..."
        )
    fit, spent = Fitter(fitter.store, made_by, fitter.known).fit_to_be_judged(nights, cut)
    return (made_by, [fit]), spent
