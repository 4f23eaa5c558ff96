"""How good a model version is: on the gate nights that let it pass, and on the nights it served.

What a card tells besides is `.model_card`; margins of gates are `.gate_margins`.
"""

from collections.abc import Iterator, Sequence

from schemas.judgement import GateNight, Judgement
from schemas.model_card import ModelCard
from tasks.telling.figures import figure, loss_name
from tasks.telling.gate_margins import margin_rows
from tasks.telling.lineage import tell_nights
from tasks.telling.paper import Block, Table, Text, facts, table
from tasks.telling.pictures.by_night import Series, draw_by_night
from tasks.telling.retrains import tell_gate
from tasks.telling.self_tests import self_test_paper

_NEAR = 3.0
"""Times the highest loss of the others up to which the constant is drawn beside them."""


def tell_quality(judgement: Judgement | None, task: str) -> str:
    """The losses of the gate nights in one sentence; "" where nothing judged."""
    contest = judgement.contest if judgement else None
    if contest is None or not contest.nights:
        return ""
    nights = contest.nights
    mine, prior = (_mean(nights, who) for who in ("challenger", "prior"))
    met = ""
    if _has_rival(nights):
        met = f", that of the champion's stand-in {figure(_mean(nights, 'rival'))}"
    many = f"{len(nights)} night{'s' * (len(nights) > 1)}"
    return f"On {many} that it had not seen its {loss_name(task)} was {figure(mine)} a row" + (
        f"{met}, the constant's {figure(prior)}."
    )


def gate_blocks(judgement: Judgement | None, task: str) -> Iterator[Block | None]:
    """Losses by night, metrics, and each gate with its margin; nothing where nobody judged."""
    if judgement is None:
        return
    contest = judgement.contest
    if contest and contest.nights:
        yield _losses(contest.nights, task)
        yield facts(
            [
                ("judged on", tell_gate(contest)),
                *((name.replace("_", " "), figure(x)) for name, x in contest.metrics.items()),
            ]
        )
    yield table(
        ("gate", "verdict", "observed", "limit", "margin", "what would flip it"),
        margin_rows(judgement.verdicts),
        right=(3, 4),
    )
    yield from self_test_paper(judgement.self_test)
    if contest and contest.nights:
        yield _by_night(contest.nights)


def _losses(nights: Sequence[GateNight], task: str) -> Block:
    """Challenger, rival and prior by night, as a picture."""
    series = [Series("this model", {n.as_of: n.challenger / n.rows for n in nights})]
    rivals = {n.as_of: n.rival / n.rows for n in nights if n.rival is not None}
    if rivals:
        series.append(Series("the champion's stand-in", rivals))
    constant = Series("the constant", {n.as_of: n.prior / n.rows for n in nights})
    highest = max(max(one.values.values()) for one in series)
    if max(constant.values.values()) <= _NEAR * highest or not rivals:
        series.append(constant)  # far above, it would press the others into one line
    return draw_by_night(
        f"Mean {loss_name(task)} of a row on nights that neither has seen (lower is better)",
        f"Losses of {len(series)} models on {tell_nights([n.as_of for n in nights])}; the table "
        "below has the numbers.",
        series,
    )


def _by_night(nights: Sequence[GateNight]) -> Table | None:
    whose = {"challenger": "this model", "rival": "stand-in", "prior": "constant"}
    there = [who for who in whose if who != "rival" or _has_rival(nights)]
    rows = [
        (
            str(night.as_of),
            f"{night.rows:,}",
            *(figure(getattr(night, who) / night.rows) for who in there),
        )
        for night in nights
    ]
    headings = ("night", "rows", *(whose[who] for who in there))
    return table(headings, rows, right=range(1, len(headings)))


def in_service_blocks(told: ModelCard) -> Iterator[Block | None]:
    """Nights scored, and their losses beside those of the gate nights."""
    use = told.in_service
    if not use.nights:
        return
    rows = [("scored", f"{use.rows:,} rows of {tell_nights(use.nights)}")]
    if use.points:
        yield draw_by_night(
            f"Mean {loss_name(told.card.task)} of a row on nights that it scored in service",
            f"The loss of {tell_nights([point.as_of for point in use.points])} in service.",
            [Series("in service", {point.as_of: point.loss for point in use.points})],
        )
        all_rows = sum(point.rows for point in use.points)
        mean = sum(point.loss * point.rows for point in use.points) / all_rows
        rows.append(
            ("realised", f"{loss_name(told.card.task)} {figure(mean)} a row{_beside(told)}")
        )
    if use.served:
        rows.append(("by the service", f"its own answers count on {tell_nights(use.served)}"))
    yield facts(rows)
    if use.points:
        yield Text(
            "Nights differ in how hard they are: whether a loss is more than usual is told by "
            f"driftloop why {told.card.project} NIGHT, not by this comparison."
        )


def _beside(told: ModelCard) -> str:
    contest = told.judgement.contest if told.judgement else None
    if contest is None or not contest.nights:
        return ""
    return f"; {figure(_mean(contest.nights, 'challenger'))} when it was judged"


def _has_rival(nights: Sequence[GateNight]) -> bool:
    return all(night.rival is not None for night in nights)


def _mean(nights: Sequence[GateNight], who: str) -> float:
    """Loss of a row over all nights, of a model that all of them have."""
    total = sum(getattr(night, who) for night in nights)
    return float(total / sum(night.rows for night in nights))
