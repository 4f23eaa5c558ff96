"""What nobody knows of a model version, so that its card promises no more than was measured."""

from collections.abc import Iterator

from schemas.judgement import Contest, Judgement
from schemas.model_card import ModelCard
from tasks.telling.figures import figure

NULL_NIGHTS = 28
"""Nights of usual loss below which no alarm on quality can be raised."""


def what_is_not_known(told: ModelCard) -> Iterator[str]:
    """One sentence a gap, the one that weighs most first."""
    yield from _of_the_judgement(told.judgement, told.card.agreement)
    yield from _of_its_use(told)
    yield from _of_its_recipe(told)
    for fit in told.lineage.fits:
        if fit.trained_on is None:
            yield f"Which nights the {fit.role} model was trained on: {fit.gap}."


def _of_the_judgement(judgement: Judgement | None, agreement: float) -> Iterator[str]:
    contest = judgement.contest if judgement else None
    if contest is None or not contest.nights:
        yield (
            "How it does on nights that it has not seen: no gate judged it, a person put it in "
            "service."
        )
        return
    yield (
        "How the model that serves does on unseen nights: it was fitted once more on all nights, "
        "the gate nights among them. The numbers below are of the model that was judged; the "
        f"scores of both differ by {agreement:.3f} of the labels' standard deviation."
    )
    if told := _smallest(judgement):
        yield told
    yield from _not_evaluated(contest)


def _smallest(judgement: Judgement | None) -> str:
    """The difference that the gate nights could have shown, by the widest standard error."""
    verdicts = judgement.verdicts if judgement else ()
    errors = [error for one in verdicts if (error := one.numbers.get("standard_error"))]
    if not errors or not judgement or not judgement.contest:
        return ""
    nights = len(judgement.contest.nights)
    return (
        f"Differences of less than about {figure(2 * max(errors))} of loss a row: {nights} gate "
        "nights cannot tell them from chance."
    )


def _not_evaluated(contest: Contest) -> Iterator[str]:
    if contest.evaluation is None:
        yield (
            "How it does within parts of the rows, such as one region or hour, and whether its "
            "scores are calibrated: neither was evaluated."
        )
    elif not contest.evaluation.slices:
        yield (
            "How it does within parts of the rows: the project names no slices= to evaluate it by."
        )


def _of_its_use(told: ModelCard) -> Iterator[str]:
    nights, points = told.in_service.nights, told.in_service.points
    if told.lineage.moves and not nights:
        yield "How it does in service: it has scored no night yet."
    elif nights and not points:
        known = len(told.card.quality_null)
        why = (
            f"its usual loss is known from {known} nights, {NULL_NIGHTS} are needed"
            if known < NULL_NIGHTS
            else "no night that it scored has all its labels yet"
        )
        yield f"How it does in service: {why}."


def _of_its_recipe(told: ModelCard) -> Iterator[str]:
    if told.examined is None:
        yield "What each feature gains, and whether one leaks: its recipe was never examined."
    elif not told.examined.examination.gains:
        yield "What each feature gains: fewer than three gate nights measured it."
