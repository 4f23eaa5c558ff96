"""A ladder in words and rows: each family's figures, which one is chosen, and why.

The work is `tasks.engine.ladder`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from schemas.search import LadderFound, Measured, Search, TriedFamily
from tasks.core.plan import embargo_of
from tasks.telling.figures import figure, loss_name

if TYPE_CHECKING:  # a project brings pandas, which the page server does without
    from schemas.project import ModelFamily, Project
    from tasks.core.rolling import Fold
    from tasks.engine.ladder import Ladder, Tried

IS_A_CHANGE = (
    "That is a change of recipe: the next retrain judges it against the champion's on "
    "nights that neither has seen, and only a better one is promoted."
)


def record_ladder(ladder: "Ladder", as_of: date, number: int) -> Search:
    """What is stored of it."""
    return Search(
        project=ladder.project.name,
        as_of=as_of,
        number=number,
        task=ladder.project.task,
        recipe=ladder.project.recipe_digest,
        cuts=tuple(fold.cut for fold in ladder.folds),
        judged_nights=ladder.nights,
        judged_rows=ladder.rows,
        trained_rows=ladder.trained_rows,
        folds=say_folds(ladder),
        why=say_choice(ladder),
        next=tuple(say_next(ladder)),
        ladder=LadderFound(tried=tuple(map(_told, ladder.tried)), chosen=ladder.chosen),
    )


def _told(tried: "Tried") -> TriedFamily:
    seconds = tried.fit_seconds
    return TriedFamily(
        family=tried.family.model_dump(mode="json"),
        declared=say_family(tried.family),
        measured=Measured.model_validate(vars(tried.rung)) if tried.rung else None,
        failure=tried.failure,
        fit_seconds=round(sum(seconds) / len(seconds), 4) if seconds else None,
        model_bytes=tried.model_bytes,
        rows_a_second=round(tried.rows_a_second),
    )


def headings(task: str) -> tuple[str, ...]:
    """Of the table of families."""
    squared = ("RMSE",) if task == "regression" else ()
    return (
        *("FAMILY", loss_name(task).upper(), "95 % INTERVAL", *squared, "BEHIND THE BEST"),
        *("FIT s", "BYTES", "ROWS/s"),
    )


def family_row(task: str, tried: TriedFamily) -> tuple[str, ...]:
    """One family's figures; of one that failed there are none."""
    found = tried.measured
    if found is None:
        return (tried.declared, "failed", *("-" for _ in headings(task)[2:]))
    squared = (figure(found.loss**0.5),) if task == "regression" else ()
    interval = f"{figure(found.lower)} to {figure(found.upper)}"
    seconds = tried.fit_seconds or 0.0
    behind = f"{figure(found.behind)} ± {figure(found.standard_error)}"
    return (
        *(tried.declared, figure(found.loss), interval, *squared),
        *(
            behind if found.behind else "the best",
            f"{seconds:.2g}" if seconds >= 0.01 else "< 0.01",
        ),
        *(f"{tried.model_bytes:,}", f"{float(f'{tried.rows_a_second:.2g}'):,.0f}"),
    )


def say_folds(ladder: "Ladder") -> str:
    """What the figures were measured on."""
    return tell_folds(ladder.project, ladder.folds, ladder.nights, ladder.rows, "each family")


def tell_folds(
    project: "Project", folds: Sequence["Fold"], nights: int, rows: int, what: str
) -> str:
    """The cut-offs, and what was fitted and judged at each."""
    first, last = folds[0], folds[-1]
    groups, embargo = project.groups, embargo_of(project.label_delay)
    held_out = f", rows of held-out groups of {groups} alone" if groups else ""
    waits = f" without the {embargo} whose labels were not complete" if embargo else ""
    return (
        f"{len(folds)} cut-offs from {first.cut} to {last.cut}; {what} is fitted on "
        f"the nights before{waits} ({len(first.train)} to {len(last.train)}) and judged on the "
        f"next {len(first.judge)}: {nights} nights, {rows:,} rows{held_out}."
    )


def say_choice(ladder: "Ladder") -> str:
    """Which family the rule chooses, and why, in one sentence."""
    chosen, best = ladder.tried[ladder.chosen], ladder.tried[ladder.best]
    name, rung = _name(ladder, chosen), chosen.rung
    if rung is None:
        raise ValueError("a family that failed is never chosen")
    if ladder.chosen != ladder.best:
        return (
            f"{name}: the simplest within one standard error of the best, "
            f"{_name(ladder, best)} ({figure(rung.behind)} behind, standard error "
            f"{figure(rung.standard_error)})."
        )
    simpler = [one.rung for one in ladder.tried[: ladder.chosen] if one.rung]
    if not simpler:
        return f"{name}: the best, and the simplest."
    nearest = min(simpler, key=lambda one: one.behind / max(one.standard_error, 1e-300))
    return (
        f"{name}: the best, and no simpler one is within one standard error of it (the nearest "
        f"is {figure(nearest.behind)} behind, standard error {figure(nearest.standard_error)})."
    )


def say_next(ladder: "Ladder") -> Iterator[str]:
    """What to do with it, a line each."""
    chosen, own = ladder.tried[ladder.chosen].family, ladder.project.family
    for one in ladder.tried:
        if one.failure:
            yield f"{say_family(one.family)} failed: {one.failure}"
    if chosen.kind == "Prior":
        yield "No family learns more than the constant here: look at the features first."
    elif chosen == own:
        yield "That is the project's own family: nothing to change."
    else:
        yield "To take it, in the project file:"
        for part in {chosen.kind: chosen, chosen.inner.kind: chosen.inner}.values():
            yield f"    from {type(part).__module__} import {part.kind}"
        yield f"    family={say_family(chosen)},"
        yield IS_A_CHANGE
        if _is_simpler_only(ladder):
            yield (
                "It is simpler than the project's family, not better: once there is a champion, "
                "Better() will hardly pass it. BetterOrSimpler() in its place may; else it takes a "
                f"person: driftloop promote {ladder.project.name} --override --reason ..."
            )


def say_family(family: "ModelFamily") -> str:
    """The family as a project file declares it."""
    return _declare(family.model_dump(exclude_defaults=True))


def _declare(dump: dict[str, Any]) -> str:
    fields = (
        f"{name}={_declare(value) if isinstance(value, dict) else repr(value)}"
        for name, value in dump.items()
        if name != "kind"
    )
    return f"{dump['kind']}({', '.join(fields)})"


def _is_simpler_only(ladder: "Ladder") -> bool:
    """Whether the project's own family, tried as well, lost less than the chosen one."""
    rung = ladder.tried[ladder.chosen].rung
    own = [one.rung for one in ladder.tried if one.family == ladder.project.family and one.rung]
    return bool(own and rung and own[0].loss < rung.loss)


def _name(ladder: "Ladder", tried: "Tried") -> str:
    """The kind of family, or all that is declared where several are of that kind."""
    kinds = [one.family.kind for one in ladder.tried]
    return tried.family.kind if kinds.count(tried.family.kind) == 1 else say_family(tried.family)
