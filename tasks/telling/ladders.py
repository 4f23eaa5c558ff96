"""A ladder in words and rows: each family's figures, which one is chosen, and why.

The work is `tasks.engine.ladder`.
"""

from collections.abc import Iterator

from schemas.project import ModelFamily
from tasks.core.plan import embargo_of
from tasks.engine.ladder import Ladder, Tried
from tasks.telling.model_quality import loss_name


def headings(ladder: Ladder) -> tuple[str, ...]:
    """Of the table of families."""
    squared = ("RMSE",) if ladder.project.task == "regression" else ()
    named = loss_name(ladder.project.task).upper()
    return (
        *("FAMILY", named, "95 % INTERVAL", *squared, "BEHIND THE BEST"),
        *("FIT s", "BYTES", "ROWS/s"),
    )


def family_row(ladder: Ladder, tried: Tried) -> tuple[str, ...]:
    """One family's figures; of one that failed there are none."""
    rung = tried.rung
    if rung is None:
        return (say_family(tried.family), "failed", *("-" for _ in headings(ladder)[2:]))
    squared = (_number(rung.loss**0.5),) if ladder.project.task == "regression" else ()
    interval = f"{_number(rung.lower)} to {_number(rung.upper)}"
    seconds = sum(tried.fit_seconds) / len(tried.fit_seconds)
    behind = f"{_number(rung.behind)} ± {_number(rung.standard_error)}"
    return (
        *(say_family(tried.family), _number(rung.loss), interval, *squared),
        *(behind if rung.behind else "the best", f"{seconds:.2g}" if seconds >= 0.01 else "< 0.01"),
        *(f"{tried.model_bytes:,}", f"{float(f'{tried.rows_a_second:.2g}'):,.0f}"),
    )


def say_folds(ladder: Ladder) -> str:
    """What the figures were measured on."""
    first, last = ladder.folds[0], ladder.folds[-1]
    groups, embargo = ladder.project.groups, embargo_of(ladder.project.label_delay)
    held_out = f", rows of held-out groups of {groups} alone" if groups else ""
    waits = f" without the {embargo} whose labels were not complete" if embargo else ""
    return (
        f"{len(ladder.folds)} cut-offs from {first.cut} to {last.cut}; each family is fitted on "
        f"the nights before{waits} ({len(first.train)} to {len(last.train)}) and judged on the "
        f"next {len(first.judge)}: {ladder.nights} nights, {ladder.rows:,} rows{held_out}."
    )


def say_choice(ladder: Ladder) -> str:
    """Which family the rule chooses, and why, in one sentence."""
    chosen, best = ladder.tried[ladder.chosen], ladder.tried[ladder.best]
    name, rung = _name(ladder, chosen), chosen.rung
    if rung is None:
        raise ValueError("a family that failed is never chosen")
    if ladder.chosen != ladder.best:
        return (
            f"{name}: the simplest within one standard error of the best, "
            f"{_name(ladder, best)} ({_number(rung.behind)} behind, standard error "
            f"{_number(rung.standard_error)})."
        )
    simpler = [one.rung for one in ladder.tried[: ladder.chosen] if one.rung]
    if not simpler:
        return f"{name}: the best, and the simplest."
    nearest = min(simpler, key=lambda one: one.behind / max(one.standard_error, 1e-300))
    return (
        f"{name}: the best, and no simpler one is within one standard error of it (the nearest "
        f"is {_number(nearest.behind)} behind, standard error {_number(nearest.standard_error)})."
    )


def say_next(ladder: Ladder) -> Iterator[str]:
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
        yield f"    from {type(chosen).__module__} import {chosen.kind}"
        yield f"    family={say_family(chosen)},"
        yield (
            "That is a change of recipe: the next retrain judges it against the champion's on "
            "nights that neither has seen, and only a better one is promoted."
        )
        if _is_simpler_only(ladder):
            yield (
                "It is simpler than the project's family, not better: once there is a champion, "
                "that gate will hardly pass it, and it takes a person: driftloop promote "
                f"{ladder.project.name} --override --reason ..."
            )


def say_family(family: ModelFamily) -> str:
    """The family as a project file declares it."""
    declared = family.model_dump(exclude_defaults=True, exclude={"kind"})
    return f"{family.kind}({', '.join(f'{name}={value!r}' for name, value in declared.items())})"


def _is_simpler_only(ladder: Ladder) -> bool:
    """Whether the project's own family, tried as well, lost less than the chosen one."""
    rung = ladder.tried[ladder.chosen].rung
    own = [one.rung for one in ladder.tried if one.family == ladder.project.family and one.rung]
    return bool(own and rung and own[0].loss < rung.loss)


def _name(ladder: Ladder, tried: Tried) -> str:
    """The kind of family, or all that is declared where several are of that kind."""
    kinds = [one.family.kind for one in ladder.tried]
    return tried.family.kind if kinds.count(tried.family.kind) == 1 else say_family(tried.family)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
