"""An examination in words: leak alarms, and what each feature gains. On paper it is a picture too.

How both come about is `tasks.engine.examine`.
"""

from collections.abc import Iterator, Sequence

from schemas.examination import Examination, FeatureGain
from tasks.telling.line import Line
from tasks.telling.markdown import heading, paragraph, picture, quote, table
from tasks.telling.pictures.gains import draw_gains

SHOWN = 15
"""Bars that a picture has room for."""

_NO_LEAK = "no leak alarm"


def tell_alarms(examination: Examination) -> Iterator[Line]:
    """A line an alarm, or one that there is none."""
    for alarm in examination.alarms:
        yield Line("LEAK?", f"{alarm.column} ({_rule(alarm.rule)}): {alarm.sentence}")
    if not examination.alarms:
        yield Line("leaks", f"{_NO_LEAK} on {_looked_at(examination)}")


def tell_gains(examination: Examination) -> Iterator[Line]:
    """What gains most, and which features did not show a gain."""
    shown = [gain for gain in examination.gains if gain.is_shown]
    if shown:
        told = ", ".join(f"{gain.feature} {gain.gain:.4g}" for gain in shown)
        yield Line("gains", f"loss a row that features save: {told}")
    yield from tell_useless(examination)


def tell_useless(examination: Examination) -> Iterator[Line]:
    """Features that did not show a gain."""
    if useless := _useless(examination.gains):
        yield Line("useless?", useless)


def gain_rows(gains: Sequence[FeatureGain]) -> list[tuple[str, str, str]]:
    """Feature, gain and interval of each, largest gain first."""
    return [
        (gain.feature, f"{gain.gain:.4g}", f"{gain.lower:.4g} to {gain.upper:.4g}")
        for gain in gains
    ]


def alarm_blocks(examination: Examination | None) -> Iterator[str]:
    """The part of a retrain's page on leaks; nothing where none was looked for."""
    if examination is None:
        return
    yield heading("Leak alarms")
    if not examination.alarms:
        yield paragraph(f"{_NO_LEAK.capitalize()} on {_looked_at(examination)}.")
        return
    yield quote("Look at these before you trust the model: gates cannot see a leak.")
    yield table(
        ("Column", "Alarm", "What it says"),
        [(alarm.column, _rule(alarm.rule), alarm.sentence) for alarm in examination.alarms],
    )


def gain_blocks(examination: Examination | None) -> Iterator[str]:
    """The part of a retrain's page on features; nothing where no gain was measured."""
    if examination is None or not examination.gains:
        return
    yield heading("What each feature gains")
    yield picture(draw_gains(examination.gains[:SHOWN]))
    yield table(
        ("Feature", "Loss a row that it saves", "95 % interval over nights"),
        gain_rows(examination.gains),
        right=(1, 2),
    )
    if useless := _useless(examination.gains):
        yield paragraph(f"{useless}.")


def _useless(gains: Sequence[FeatureGain]) -> str:
    names = [gain.feature for gain in gains if not gain.is_shown]
    return f"No gain shown, the interval includes 0: {', '.join(names)}" if names else ""


def _rule(rule: str) -> str:
    return rule.replace("_", " ")


def _looked_at(examination: Examination) -> str:
    return (
        f"{examination.features} features, {examination.rows:,} training rows of "
        f"{examination.nights} nights, {examination.gate_rows:,} gate rows"
    )
