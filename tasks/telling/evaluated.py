"""An evaluation in words: metrics with intervals, calibration, slices. On paper pictures too.

How it comes about is `tasks.engine.evaluating`.
"""

from collections.abc import Iterator, Sequence

from schemas.evaluation import Compared, Evaluation, Measure, Slice
from tasks.core.jackknife import interval
from tasks.telling.blocks import in_markdown
from tasks.telling.line import Line
from tasks.telling.markdown import heading
from tasks.telling.paper import Block, Table, Text
from tasks.telling.pictures.calibration import draw_calibration
from tasks.telling.pictures.slices import draw_slices

_IN_SHORT = (
    *("log_loss", "auc", "macro_f1", "precision", "recall", "calibration_error"),
    *("deviance", "rmse", "mae", "cost", "precision_at_capacity", "pinball", "coverage"),
)


def tell_evaluation(evaluation: Evaluation) -> Iterator[Line]:
    """In short: the main metrics with their 95 % intervals, the slice that gains least, notes."""
    for one in evaluation.metrics:
        if one.metric in _IN_SHORT:
            yield Line("measured", _tell(one))
    if gains := _slice_gains(evaluation.slices):
        name, gain, lower, upper = min(gains, key=lambda one: one[1])
        metric = _plain(evaluation.slices[0].metrics[0].metric)
        told = f"of {len(evaluation.slices)}, {name} gains least in {metric}: {gain:+.4g}"
        yield Line("slices", f"{told} ({lower:+.4g} to {upper:+.4g})")
    for note in evaluation.notes:
        yield Line("note", note)


def evaluation_blocks(evaluation: Evaluation | None) -> Iterator[str]:
    """The part of a page in Markdown; nothing for a record that has none."""
    if evaluation is None:
        return
    yield heading("Evaluation")
    yield from in_markdown(evaluation_paper(evaluation))


def evaluation_paper(evaluation: Evaluation | None) -> Iterator[Block]:
    """The same as blocks of any page."""
    if evaluation is None:
        return
    yield Text(_about(evaluation))
    yield Table(
        ("Metric", "Challenger", "Stand-in", "Challenger better by"),
        tuple(_row(one) for one in evaluation.metrics),
        right=(1, 2, 3),
    )
    for note in evaluation.notes:
        yield Text(f"Note: {note}.")
    yield Text(_scores(evaluation))
    if evaluation.confusion:
        yield Text("Rows of each class, by the class that this model says is the likeliest:")
        yield _confusion(evaluation)
    if evaluation.calibration:
        yield draw_calibration(evaluation.calibration)
    for column in dict.fromkeys(one.column for one in evaluation.slices):
        yield from _slice_blocks([one for one in evaluation.slices if one.column == column])


def _about(evaluation: Evaluation) -> str:
    threshold = evaluation.threshold
    said = "" if threshold is None else f" Precision and recall say yes from {threshold:.4g} on."
    if costs := evaluation.costs:
        said += (
            f" A false alarm costs {costs.false_alarm:g} and a missed one {costs.missed:g}: a yes "
            "from there on is the cheapest if probabilities are right; the cost is that of a row."
        )
    if evaluation.capacity:
        said += f" At capacity {evaluation.capacity:,} rows of each night get a yes."
    return (
        f"{evaluation.rows:,} rows of {evaluation.nights} gate nights. In brackets 95 % intervals "
        "by Student's t over nights, by leaving out one night at a time where a metric is no mean "
        f"over rows.{said}"
    )


def _scores(evaluation: Evaluation) -> str:
    scores = evaluation.scores
    moved = (
        "" if scores.moved is None else f"; {scores.moved:.1%} lie otherwise than the stand-in's"
    )
    return (
        f"Scores: {scores.identical:.1%} of rows have the most frequent one, {scores.outside:.1%} "
        f"one out of the target's range{moved}."
    )


def _confusion(evaluation: Evaluation) -> Table:
    rows = zip(evaluation.classes, evaluation.confusion, strict=True)
    return Table(
        ("Is", *(f"said {name}" for name in evaluation.classes), "Rows"),
        tuple((name, *(f"{n:,}" for n in row), f"{sum(row):,}") for name, row in rows),
        right=tuple(range(1, len(evaluation.classes) + 2)),
    )


def _slice_blocks(slices: Sequence[Slice]) -> Iterator[Block]:
    names = list(dict.fromkeys(metric.metric for one in slices for metric in one.metrics))
    yield Table(
        (slices[0].column, "Rows", "Nights", *map(_plain, names)),
        tuple(_slice_row(one, names) for one in slices),
        right=tuple(range(1, len(names) + 3)),
    )
    if gains := _slice_gains(slices):
        yield draw_slices(_plain(slices[0].metrics[0].metric), gains)


def _slice_row(one: Slice, names: Sequence[str]) -> tuple[str, ...]:
    found = {metric.metric: _measure(metric.challenger, digits=3) for metric in one.metrics}
    cells = [found.get(name, "-") for name in names]
    return (_name(one), f"{one.rows:,}", str(one.nights), *cells)


def _slice_gains(slices: Sequence[Slice]) -> list[tuple[str, float, float, float]]:
    """Name, gain in loss and its interval of the slices that have one."""
    found = []
    for one in slices:
        gain = one.metrics[0].gain if one.metrics else None
        ends = interval(gain) if gain else None
        if gain and ends:
            found.append((f"{one.column}: {_name(one)}", gain.value, *ends))
    return found


def _row(one: Compared) -> tuple[str, ...]:
    rival = _measure(one.rival) if one.rival else "-"
    return _plain(one.metric), _measure(one.challenger), rival, _gain(one)


def _tell(one: Compared) -> str:
    told = f"{_plain(one.metric)} {_measure(one.challenger)}"
    if one.rival is None:
        return told
    return f"{told}, stand-in {one.rival.value:.4g}, better by {_gain(one)}"


def _gain(one: Compared) -> str:
    return _measure(one.gain, "+") if one.gain else "-"


def _measure(measure: Measure, sign: str = "", digits: int = 4) -> str:
    numbers = (measure.value, *(interval(measure) or ()))
    told = [f"{one:{sign}.{digits}g}" for one in numbers]
    return f"{told[0]} ({' to '.join(told[1:])})" if len(told) > 1 else told[0]


def _name(one: Slice) -> str:
    return "all others" if one.word is None else one.word


def _plain(name: str) -> str:
    """`recall:motor_bike` is the recall of motor_bike."""
    general, colon, of = name.partition(":")
    return f"{general.replace('_', ' ')} of {of}" if colon else general.replace("_", " ")
