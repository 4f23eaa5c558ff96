"""A search of parameters in words, tables and pictures: what was tried, what is proposed, and why.

The work is `tasks.engine.tuning`; a card shows it through `.searches`.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from schemas.curve import Curve
from schemas.search import KeptOut, Measured, RateTried, Search, Trial, Tuned
from tasks.core.searching import AGAIN_NIGHTS, LEAST_TRIALS, best_rate, mark_rate
from tasks.telling.figures import figure, loss_name
from tasks.telling.ladders import IS_A_CHANGE, say_family, tell_folds
from tasks.telling.paper import Block, Commands, Paper, Section, Table, Text, section, table
from tasks.telling.pictures.intervals import Bar, draw_intervals
from tasks.telling.pictures.rates import draw_rates
from tasks.telling.pictures.trials import draw_trials

if TYPE_CHECKING:  # a search brings pandas, which the page server does without
    from tasks.engine.tuning import Outcome


def record_tuning(outcome: "Outcome", as_of: date, number: int) -> Search:
    """What is stored of it."""
    project = outcome.project
    folds = [rows.fold for rows in outcome.folds]
    return Search(
        project=project.name,
        as_of=as_of,
        number=number,
        task=project.task,
        recipe=project.recipe_digest,
        cuts=tuple(fold.cut for fold in folds),
        judged_nights=outcome.nights,
        judged_rows=outcome.rows,
        trained_rows=outcome.trained_rows,
        folds=tell_folds(project, folds, outcome.nights, outcome.rows, "each trial"),
        why=_say_choice(outcome.tuned),
        next=tuple(_say_next(outcome)),
        tuned=outcome.tuned,
    )


def _say_choice(tuned: Tuned) -> str:
    """Which parameters the rule proposes, and why."""
    own, best, kept = tuned.trials[0], tuned.trials[tuned.best], tuned.kept_out
    if own.measured is None:
        return f"Trial {best.number}: the project's own parameters failed ({own.failure})."
    if not tuned.best:
        return f"The project's own parameters are the best of {len(tuned.trials)} trials."
    behind = _behind(own.measured)
    if tuned.chosen:
        return (
            f"Trial {best.number} loses {behind} less a row than the project's own parameters on "
            f"the nights that chose it, {_on_kept_out(kept)}."
        )
    if own.measured.behind <= own.measured.standard_error:
        return (
            f"Keep the project's own: they are within one standard error of the best, trial "
            f"{best.number} ({behind} behind)."
        )
    return (
        f"Keep the project's own: trial {best.number} loses {behind} less a row on the nights that "
        f"chose it, but it is not confirmed: {_on_kept_out(kept)}."
    )


def _behind(own: Measured) -> str:
    return f"{figure(own.behind)} ± {figure(own.standard_error)}"


def _on_kept_out(kept: KeptOut | None) -> str:
    if kept is None:
        return "one of both failed on the newest nights"
    word = "less" if kept.gain >= 0 else "more"
    return (
        f"and {figure(abs(kept.gain))} ± {figure(kept.standard_error)} {word} on the newest "
        f"{kept.nights} nights, which chose nothing"
    )


def _say_next(outcome: "Outcome") -> Iterator[str]:
    project, tuned = outcome.project, outcome.tuned
    if tuned.chosen:
        yield "To take it, in the project file:"
        yield f"    family={say_family(outcome.proposed)},"
        yield IS_A_CHANGE
    yield (
        f"Retrains use what the project file says. Search again after {AGAIN_NIGHTS} nights, or "
        f"once the rows have doubled: driftloop tune {project.name}"
    )


def tuning_paper(search: Search) -> Paper:
    """The page of a search."""
    return Paper(
        title=f"{search.project}, parameters searched as of {search.as_of}",
        lead=search.why,
        sections=tuple(_sections(search)),
    )


def _sections(search: Search) -> Iterator[Section]:
    tuned = search.tuned
    if tuned:
        yield from section("Trials", trial_blocks(search, tuned))
        yield from section("Learning rate", rate_blocks(tuned, search.task))
    yield from section("Next", [Commands(search.next)])


def trial_blocks(search: Search, tuned: Tuned) -> Iterator[Block | None]:
    """Trials as a picture and a table, and what mattered."""
    yield Text(search.folds)
    yield draw_trials(tuned.trials)
    yield _trials(tuned, search.task)
    yield _kept_out(tuned)
    yield from _importance(tuned)


def _importance(tuned: Tuned) -> Iterator[Block]:
    ranks = sorted(tuned.importance.items(), key=lambda one: -one[1])
    if not ranks:
        yield Text(f"No importance is told of fewer than {LEAST_TRIALS} trials on all folds.")
        return
    told = ", ".join(f"{name} {rank:.2g}" for name, rank in ranks)
    yield draw_intervals(
        "How far losses rank as a parameter does (0: not at all, 1: wholly)",
        f"Rank correlation of {told}.",
        [Bar(name, rank, rank, rank, "now") for name, rank in ranks],
    )
    yield Text(
        f"Rank correlation with the loss, trials on all folds: {told}. It does not see what "
        "rises and falls again, nor what works only together."
    )


def _trials(tuned: Tuned, task: str) -> Table | None:
    names = sorted(tuned.trials[0].params)
    headings = ("trial", loss_name(task), "behind the best", *names, "folds", "s")
    right = range(1, len(headings))
    return table(headings, (_trial_row(one, tuned, names) for one in tuned.trials), right)


def _trial_row(one: Trial, tuned: Tuned, names: list[str]) -> tuple[str, ...]:
    origin = {"project": " (the project's)", "before": " (best before)", "sampled": ""}[one.origin]
    is_proposed = one.number == tuned.chosen > 0
    mark = ", best" * (one.number == tuned.best) + ", proposed" * is_proposed
    found = one.measured
    loss = figure(found.loss) if found else one.state
    behind = _behind(found) if found and found.behind else "the best" if found else one.failure
    return (
        *(f"{one.number}{origin}{mark}", loss, behind),
        *(figure(one.params[name]) for name in names),
        *(str(one.folds), figure(round(one.fit_seconds, 1))),
    )


def _kept_out(tuned: Tuned) -> Text | None:
    kept = tuned.kept_out
    if kept is None or not tuned.best:
        return None
    return Text(
        f"Newest {kept.nights} nights, from {kept.cut} on, which chose nothing: "
        f"{figure(kept.best)} by the best trial, {figure(kept.project)} by the project's own; a "
        f"gain of {figure(kept.gain)} ± {figure(kept.standard_error)}. The first table's best is "
        "partly the luckiest of many; this figure is not."
    )


def rate_blocks(tuned: Tuned, task: str) -> Iterator[Block | None]:
    """The sweep of learning rates as a picture and a table."""
    if not tuned.sweep:
        return
    unit = loss_name(task)
    yield draw_rates(tuned.sweep, float(tuned.family["learning_rate"]), unit)
    headings = ("learning rate", "what it says", f"{unit} at the end", "lowest", "after")
    yield table(headings, map(_rate_row, tuned.sweep), right=(0, 2, 3, 4))
    best = best_rate(tuned.sweep)
    yield Text(
        "One fold, the newest that chose; the other parameters are the project's. "
        + (f"The fit at {best.rate:g} ends lowest." if best else "No rate gave a sound fit.")
    )


def _rate_row(one: RateTried) -> tuple[str, ...]:
    curve: Curve | None = one.curve
    told = f"{mark_rate(curve)} ({one.failure})" if one.failure else mark_rate(curve)
    if curve is None or not curve.validation:
        return (f"{one.rate:g}", told, "-", "-", "-")
    lowest = figure(min(curve.validation))
    return f"{one.rate:g}", told, figure(curve.validation[-1]), lowest, str(curve.best)
