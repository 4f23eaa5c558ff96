"""Drift and fault alarms on nights without drift, and proof that the harness can fail.

Stringing nights together is `benchmarks.watching`.
"""

from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.streams import Indices, Stream, undrifted_spans
from benchmarks.watching import JUDGED, REFERENCE, Seen, refer, refer_to_random_rows, watch
from tasks.core.drift import THIN_ROWS

# Alarms come in clusters: one order of a span says little of the rate.
ORDERS = 4


def false_alarms(bench: Bench) -> Iterator[Figure]:
    """Share of undrifted nights with a fault, or with drift on 2 of 3 nights."""
    for stream in bench.streams():
        seen: list[Seen] = []
        columns = []
        for span in bench.progress(undrifted_spans(stream, REFERENCE + JUDGED, ORDERS)):
            reference = refer(stream, span[:REFERENCE])
            columns.append(sum(column.left_out is None for column in reference.columns))
            judged = [stream.night(night) for night in span[REFERENCE:]]
            seen += watch(reference, judged, stream.recipe.target)
        both = _share(seen, lambda night: night.alarm)
        yield Figure(stream.name, "faults or drift, nights that alarm", both, at_most=1.5)
        drift = _share(seen, lambda night: night.drift_alarm)
        yield Figure(stream.name, "  drift on 2 of 3 nights", drift)
        yield Figure(stream.name, "  faults", _share(seen, lambda night: night.has_fault))
        one_night = _share(seen, lambda night: bool(night.drifted))
        yield Figure(stream.name, "  drift on one night", one_night)
        yield Figure(stream.name, "  columns watched", sum(columns) / len(columns), unit="")


def random_rows(bench: Bench) -> Iterator[Figure]:
    """The same spans against a null of random rows: if that does not alarm, nothing is measured."""
    for stream in bench.streams():
        seen: list[Seen] = []
        spans = undrifted_spans(stream, REFERENCE + JUDGED)
        for number, span in enumerate(bench.progress(spans)):
            reference = refer_to_random_rows(stream, span[:REFERENCE], seed=number)
            # no first night can be the second of three that drift
            seen += watch(reference, [stream.night(night) for night in span[REFERENCE:]])[1:]
        share = _share(seen, lambda night: night.alarm)
        yield Figure(stream.name, "null from random rows, nights that alarm", share, at_least=95)


def short_reference(bench: Bench) -> Iterator[Figure]:
    """Fewer nights: nothing under 28, provisional under 91, at a rate that is shown."""
    for stream in bench.streams():
        for nights, status in ((27, "insufficient"), (28, "provisional"), (91, "calibrated")):
            seen: list[Seen] = []
            right = 0
            spans = undrifted_spans(stream, 2 * nights + JUDGED)
            for span in bench.progress(spans):
                before, after = _split(stream, span, nights)
                reference = refer(stream, before)
                right += reference.status == status
                seen += watch(reference, [stream.night(night) for night in after])
            kept = percent(right, len(spans))
            yield Figure(stream.name, f"{nights} nights: {status}", kept, at_least=100)
            limit = 0.0 if status == "insufficient" else None
            alarms = _share(seen, lambda night: night.alarm)
            yield Figure(stream.name, f"{nights} nights: nights that alarm", alarms, at_most=limit)


def _share(seen: list[Seen], is_hit: Callable[[Seen], bool]) -> float:
    """Percent of the nights that were judged."""
    judged = [night for night in seen if night.is_judged or night.has_fault]
    return percent(sum(map(is_hit, judged)), max(len(judged), 1))


def _split(stream: Stream, span: Indices, nights: int) -> tuple[Indices, Indices]:
    """So many nights that are not thin, and the 56 after them."""
    full = [place for place, night in enumerate(span) if len(stream.night(night)) >= THIN_ROWS]
    after = full[nights - 1] + 1
    return span[full[:nights]], span[after : after + JUDGED]
