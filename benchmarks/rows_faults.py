"""Faults and drift that are there: how soon each is found. False alarms are `rows_drift`."""

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.streams import Stream, undrifted_spans
from benchmarks.watching import POLICY, REFERENCE, refer
from schemas.monitoring import ColumnReference, DriftReference
from tasks.core.drift import column_drift, is_thin
from tasks.core.faults import column_faults

SOON = 14
SHIFTS = (0.5, 1.0, 2.0)
# A column that habitually has gaps is no sign of a fault where it has some more.
HABITUAL_NULLS = 0.01
MOSTLY_NULLS = 0.5


def faults(bench: Bench) -> Iterator[Figure]:
    """A unit changed by 1,000 and a burst of nulls, in each column in turn."""
    for stream in bench.streams():
        units: list[int | None] = []
        nulls: list[int | None] = []
        gappy: list[int | None] = []
        for _, column, nights, draw in _cases(bench, stream):
            usual = stream.frame[column.column]
            # a zero times 1,000 is still a zero
            if column.kind == "number" and (nights[0] == 0).mean() < 0.5:
                units.append(_fault_on(column, [night * 1000.0 for night in nights]))
            holes = [night.where(draw.random(len(night)) >= 0.2) for night in nights]
            if usual.isna().mean() < HABITUAL_NULLS:
                nulls.append(_fault_on(column, holes))
            elif usual.isna().mean() < MOSTLY_NULLS:
                gappy.append(_fault_on(column, holes))
        yield Figure(stream.name, "x1000: fault on night 1", _within(units, 1), at_least=95)
        yield Figure(stream.name, "20 % nulls: fault on night 1", _within(nulls, 1))
        limit = 85.0 if stream.name == "beijing" else 95.0
        yield Figure(stream.name, "20 % nulls: within 14", _within(nulls, SOON), at_least=limit)
        if gappy:
            share = _within(gappy, SOON)
            yield Figure(stream.name, "20 % nulls: within 14, gappy columns", share)


def power(bench: Bench) -> Iterator[Figure]:
    """A lasting shift of one watched number: the share found on 2 of 3 nights, within 14 nights."""
    for stream in bench.streams():
        found: dict[float, list[int | None]] = {shift: [] for shift in SHIFTS}
        for reference, column, nights, _ in _cases(bench, stream):
            if column.kind == "category" or column.left_out is not None:
                continue
            sd = stream.frame[column.column].std()
            for shift, nights_until in found.items():
                shifted = [night + shift * sd for night in nights]
                nights_until.append(_drift_on(reference, column, shifted))
        for shift, nights_until in found.items():
            share = _within(nights_until, SOON)
            yield Figure(stream.name, f"shift of {shift:g} sd: found within 14", share)


def _cases(
    bench: Bench, stream: Stream
) -> Iterator[
    tuple[DriftReference, ColumnReference, list["pd.Series[float]"], np.random.Generator]
]:
    """Each column of each undrifted span, with its values on the 14 nights after the reference."""
    for number, span in enumerate(bench.progress(undrifted_spans(stream, REFERENCE + 2 * SOON))):
        reference = refer(stream, span[:REFERENCE])
        after = [stream.night(night) for night in span[REFERENCE:]]
        nights = [night for night in after if not is_thin(reference, len(night))][:SOON]
        draw = np.random.default_rng([crc32(stream.name.encode()), number, 1])
        for column in reference.columns:
            yield reference, column, [night[column.column] for night in nights], draw


def _fault_on(column: ColumnReference, nights: list["pd.Series[float]"]) -> int | None:
    """The first night with a fault, from 1."""
    return _first([bool(column_faults(column, night, POLICY.fault_slack)) for night in nights])


def _drift_on(
    reference: DriftReference, column: ColumnReference, nights: list["pd.Series[float]"]
) -> int | None:
    """The first night that drifts and of whose newest three nights two drift."""
    drifted = [column_drift(reference, column, night).drifted for night in nights]
    windows = [drifted[max(0, end - POLICY.drift_of) : end] for end in range(1, len(nights) + 1)]
    return _first([window[-1] and sum(window) >= POLICY.drift_needed for window in windows])


def _first(hits: list[bool]) -> int | None:
    return hits.index(True) + 1 if True in hits else None


def _within(found: list[int | None], nights: int) -> float:
    return percent(sum(night is not None and night <= nights for night in found), len(found))
