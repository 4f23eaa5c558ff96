"""Alarms that were raised and have not cleared, since when, and whether anybody was told.

What raises and clears them is `tasks.core.alarms`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from schemas.night import Alert, Night
from tasks.core.alarms import alert_key
from tasks.engine.rounds import delivered, rounds_since
from tasks.engine.standing import newest_night, walk_back
from tasks.store import Store
from tasks.telling.nights import next_command
from tasks.telling.plain import plain

_FURTHEST = 90  # records; an alarm that is older is old, whatever its day


@dataclass(frozen=True)
class OpenAlarm:
    """One alarm. Of one that was raised too long ago, the night and its sentence are not known."""

    kind: str
    subject: str
    since: date | None
    undelivered: bool
    sentence: str
    command: str | None

    def __str__(self) -> str:
        """The alarm in a line."""
        since = f"since {self.since}" if self.since else "for a long time"
        told = " Nobody was told." if self.undelivered else ""
        step = f" Next: {self.command}" if self.command else ""
        return plain(f"{self.kind}, {since}: {self.sentence}{told}{step}")


def open_alarms(store: Store, project: str) -> tuple[OpenAlarm, ...]:
    """Every alarm that stands after the newest night record."""
    newest = newest_night(store, project)
    if newest is None or not newest[1].trigger.alerted:
        return ()
    raised = _raised(store, project, set(newest[1].trigger.alerted))
    oldest = min((night.as_of for _, night, _ in raised.values()), default=newest[1].as_of)
    told = delivered(rounds_since(store, project, oldest))
    return tuple(
        _known(*raised[key], told) if key in raised else _forgotten(key)
        for key in newest[1].trigger.alerted
    )


def _raised(store: Store, project: str, wanted: set[str]) -> dict[str, tuple[str, Night, Alert]]:
    """The newest record that raised each of the alarms."""
    found: dict[str, tuple[str, Night, Alert]] = {}
    for key, night, alert in _alerts_backwards(store, project):
        if alert_key(alert) in wanted:
            found.setdefault(alert_key(alert), (key, night, alert))
        if len(found) == len(wanted):
            break
    return found


def _alerts_backwards(store: Store, project: str) -> Iterator[tuple[str, Night, Alert]]:
    for key, night in islice(walk_back(store, project), _FURTHEST):
        yield from ((key, night, alert) for alert in night.decision.alerts)


def _known(key: str, night: Night, alert: Alert, told: set[tuple[str, str, str]]) -> OpenAlarm:
    return OpenAlarm(
        kind=alert.kind,
        subject=alert.subject,
        since=night.as_of,
        undelivered=(key, alert.kind, alert.subject) not in told,
        sentence=alert.sentence,
        command=next_command(night, alert),
    )


def _forgotten(key: str) -> OpenAlarm:
    kind, _, subject = key.partition("|")
    sentence = f"open {subject}".strip() + "."
    return OpenAlarm(kind, subject, None, undelivered=False, sentence=sentence, command=None)
