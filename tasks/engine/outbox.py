"""What people are still to be told, found in the store alone, however often a run was killed.

The words are `tasks.telling.messages`, sending is `tasks.engine.posting`, what was told stands in
the records of `tasks.engine.rounds`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.delivery import Delivery, MessageKind, Told
from schemas.ledger import Action
from schemas.night import Night
from schemas.period import between, shift
from schemas.project import Project
from tasks.engine.approval import find_waiting
from tasks.engine.reconcile import find_undone
from tasks.engine.rounds import Identity, delivered, last_round, record_round, rounds_since
from tasks.engine.standing import committed_as_of, newest_night, night_of, walk_back
from tasks.store import Store, keys
from tasks.store.ledger import entries

_MOVES: dict[Action, MessageKind] = {
    "promote": "promotion",
    "rollback": "rollback",
    "freeze": "freeze",
}


@dataclass(frozen=True)
class Topic:
    """What one message is about: everything of a kind that one record has to say."""

    source: str
    kind: MessageKind
    subjects: tuple[str, ...]

    def told(self, accepted: int, error: str | None) -> tuple[Told, ...]:
        """How far each of its subjects got."""
        return tuple(
            Told(source=self.source, kind=self.kind, subject=one, accepted=accepted, error=error)
            for one in self.subjects
        )


@dataclass(frozen=True)
class Round:
    """A round that is about to begin. `is_new`: it is recorded even when there is nothing to say.

    Without a committed night there is no `as_of`, and nothing to record the round under.
    """

    as_of: date | None
    night: str | None
    undone: str | None
    topics: tuple[Topic, ...]
    is_new: bool = False


def run_source(flow: str, night: date | None) -> str:
    """What stands for a run of a flow, where no record does."""
    return f"run/{flow}/{night or 'unknown'}"


def open_round(store: Store, project: Project) -> Round | None:
    """Everything that no target has taken yet; None before the first night.

    That is alerts and ledger entries of the nights since the last round, at least those of the
    newest `recheck` records, and what was tried lately and reached nobody.
    """
    newest = newest_night(store, project.name)
    if newest is None:
        return None
    as_of = committed_as_of(store, project, newest[1].as_of)
    last = last_round(store, project.name)
    nights = _new_nights(store, project, last)
    oldest = shift(as_of, -_reach(project))
    rounds = rounds_since(store, project.name, min([oldest, *(n.as_of for _, n in nights)]))
    told = delivered(rounds)
    wanted = [
        *(one for tried in rounds for one in tried.messages),
        *_runs_without_end(store, project.name, last, as_of, told),
        *_alerts(nights),
        *_moves(store, project.name, max(oldest, _first_move(nights, last, as_of))),
        *_approvals(store, project),
    ]
    undone = find_undone(store, project.name)
    undone_key = undone.night_key if undone else None
    return Round(
        as_of=as_of,
        night=newest[0],
        undone=undone_key,
        topics=_topics(one for one in wanted if one.identity not in told),
        is_new=last is None or (last.as_of, last.undone) != (as_of, undone_key),
    )


def open_failure(store: Store, project: Project, flow: str, night: date | None) -> Round | None:
    """A round of one message, that a run failed; None when somebody was told already.

    Whatever else is new waits for the next usual round, which starts where the last one ended.
    """
    newest = newest_night(store, project.name)
    if newest is None:
        return failure_alone(flow, night)
    as_of = committed_as_of(store, project, newest[1].as_of)
    last = last_round(store, project.name)
    alone = failure_alone(flow, night or as_of)
    told = delivered(rounds_since(store, project.name, shift(as_of, -_reach(project))))
    if any(one.identity in told for one in alone.topics[0].told(0, None)):
        return None
    return Round(
        as_of=as_of,
        night=last.night if last else None,
        undone=last.undone if last else None,
        topics=alone.topics,
    )


def failure_alone(flow: str, night: date | None) -> Round:
    """The same without a look at the store, which may be what failed."""
    name = re.sub("[^a-z0-9]+", "-", flow.lower())[:40]
    topic = Topic(run_source(name, night), "failed", (str(night or ""),))
    return Round(as_of=None, night=None, undone=None, topics=(topic,))


def close_round(store: Store, project: str, opened: Round, told: Sequence[Told]) -> None:
    """Record the round, unless there was nothing to say and one of this night is recorded."""
    if opened.as_of and (told or opened.is_new):
        record_round(store, project, opened.as_of, opened.night, opened.undone, told)


def _reach(project: Project) -> int:
    """For how many nights a message is worth sending."""
    return project.policy.catch_up + project.policy.recheck


def _new_nights(store: Store, project: Project, last: Delivery | None) -> list[tuple[str, Night]]:
    """All records since the last round, within reach, or else the newest `recheck`; in order."""
    found: list[tuple[str, Night]] = []
    is_met = last is None or last.night is None
    for key, night in walk_back(store, project.name):
        is_met = is_met or (last is not None and key == last.night)
        if len(found) >= (max(project.policy.recheck, 1) if is_met else _reach(project)):
            break
        found.append((key, night))
    return found[::-1]


def _runs_without_end(
    store: Store, project: str, last: Delivery | None, as_of: date, told: set[Identity]
) -> Iterator[Told]:
    """Nights since the last round whose own run left none, and a retrain that was still undone.

    A run that reaches its end leaves a round: without one it failed, or never started.
    """
    if last is None:
        return
    since = (shift(last.as_of, n) for n in range(1, between(as_of, last.as_of)))
    silent = [
        night
        for night in since
        if (run_source("nightly", night), "", "") not in told
        and not _is_history(store, project, night)
    ]
    if silent:
        source = run_source("nightly", silent[-1])
        yield Told(source=source, kind="failed", subject=str(silent[0]))
    undone = keys.parse(last.undone).as_of if last.undone else None
    if undone and undone < as_of:
        yield Told(source=run_source("retrain", undone), kind="failed", subject=str(undone))


def _is_history(store: Store, project: str, night: date) -> bool:
    found = night_of(store, project, night)
    return found is not None and found[1].evidence.history


def _alerts(nights: Iterable[tuple[str, Night]]) -> Iterator[Told]:
    for key, night in nights:
        for alert in night.decision.alerts:
            yield Told(source=key, kind=alert.kind, subject=alert.subject)


def _first_move(nights: Iterable[tuple[str, Night]], last: Delivery | None, as_of: date) -> date:
    """A person decides between two nights, so the night of the last round still counts."""
    live = [night.as_of for _, night in nights if not night.evidence.late]
    return min([as_of, *live, *([last.as_of] if last else [])])


def _moves(store: Store, project: str, first: date) -> Iterator[Told]:
    for entry in entries(store, project):
        if entry.action in _MOVES and entry.as_of >= first:
            source = keys.ledger(project, entry.seq)
            yield Told(source=source, kind=_MOVES[entry.action], subject=entry.version or "")


def _approvals(store: Store, project: Project) -> Iterator[Told]:
    waiting = find_waiting(store, project)
    if waiting:
        yield Told(source=waiting.key, kind="approval", subject=waiting.judgement.retrain)


def _topics(wanted: Iterable[Told]) -> tuple[Topic, ...]:
    """What belongs together, oldest first: ten faulty columns of a night are one message."""
    grouped: dict[tuple[str, MessageKind], dict[str, None]] = {}
    for one in wanted:
        subjects = grouped.setdefault((one.source, one.kind), {})
        if not (one.kind == "failed" and subjects):  # one run, whoever saw it fail first
            subjects[one.subject] = None
    return tuple(Topic(source, kind, tuple(found)) for (source, kind), found in grouped.items())
