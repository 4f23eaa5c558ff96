"""The demo's facts, collected from the store. What is not recorded there is scored again here."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from deployments.demo.defaults import defaults_by_night
from deployments.demo.facts import (
    ChampionFact,
    Facts,
    Lines,
    PromotionFact,
    SimulatedFact,
)
from deployments.demo.losses import Scorer, mean
from deployments.demo.nights import night_facts
from deployments.demo.retrains import retrain_facts
from deployments.demo.schedule import Tell, schedule_only
from schemas.batch import Batch
from schemas.errors import NotYet
from schemas.ledger import Entry
from schemas.model import Card
from schemas.night import Night
from schemas.project import Project
from tasks.engine.records import newest_by_night
from tasks.engine.standing import nights_in_order
from tasks.sources.simulated import Simulated
from tasks.store import Store, keys
from tasks.store.ledger import entries

_NEXT = 7
_LOSS_NAMES = {"binary": "log loss", "regression": "squared error"}


def collect_facts(
    store: Store,
    project: Project,
    simulated: tuple[Simulated, ...],
    folder: Path,
    tell: Tell,
) -> Facts:
    """Everything that page and summary show. Fits that the store lacks are kept in `folder`.

    Raises:
        NotYet: no live night is recorded, or none had a champion before.
    """
    records = [night for _, night in nights_in_order(store, project.name)]
    live = [night for night in records if not night.evidence.history]
    ledger = entries(store, project.name)
    moves = [entry for entry in ledger if entry.version]
    if not live or not moves:
        raise NotYet(f"{project.name}: no night was decided with a champion in service yet")
    days = sorted({night.as_of for night in live})
    scorer = Scorer(store, project, days[-1])
    announced = tuple(_simulated(event) for event in simulated if event.first <= days[-1])
    tell("quality by night: scored again by the first champion")
    lines = _lines(store, project, scorer, live, moves[0], folder, tell)
    retrains = retrain_facts(store, project.name, ledger)
    tell("Evidently's default tests, night by night")
    first, last = _history(store, project.name, days[0])
    return Facts(
        project=project.name,
        question=project.about,
        loss_name=_LOSS_NAMES.get(project.task, "loss"),
        refresh_every=project.policy.refresh_every,
        history=(first, last),
        history_rows=_history_rows(store, project.name, days[0]),
        nights=night_facts(store, live, retrains, lines.driftloop, announced),
        retrains=retrains,
        champions=tuple(_champions(store, moves)),
        promotions=tuple(_promotions(scorer, moves, days)),
        lines=lines,
        defaults=defaults_by_night(store, live),
        simulated=announced,
    )


def _simulated(event: Simulated) -> SimulatedFact:
    return SimulatedFact(event.kind, event.first, event.last, event.sentence)


def _lines(
    store: Store,
    project: Project,
    scorer: Scorer,
    live: list[Night],
    first: Entry,
    folder: Path,
    tell: Tell,
) -> Lines:
    """The three ways on the nights that all of them scored, from the first champion's first on."""
    days = sorted({night.as_of for night in live if night.as_of > first.as_of})
    faulty = frozenset(night.as_of for night in live if night.evidence.faults)
    served = {night: loss for night, loss in scorer.served().items() if night in days}
    once = scorer.version(first.version or "", days)
    scheduled = schedule_only(store, project, scorer, first.as_of, days, faulty, folder, tell)
    shared = served.keys() & once.keys() & scheduled.keys()
    return Lines(*({n: line[n] for n in sorted(shared)} for line in (once, scheduled, served)))


def _history(store: Store, project: str, before: date) -> tuple[date, date]:
    nights = [n for n in newest_by_night(store, Batch, project) if n < before]
    return (nights[0], nights[-1]) if nights else (before, before)


def _history_rows(store: Store, project: str, before: date) -> int:
    batches = newest_by_night(store, Batch, project).items()
    return sum(batch.counts.kept for night, (_, batch) in batches if night < before)


def _champions(store: Store, moves: list[Entry]) -> Iterator[ChampionFact]:
    after = [entry.as_of for entry in moves[1:]]
    for entry, until in zip(moves, [*after, None], strict=True):
        card = store.record(keys.card(entry.project, entry.version or ""), Card)
        fit = card.members[0]
        yield ChampionFact(
            seq=entry.seq,
            version=card.version,
            since=entry.as_of + timedelta(days=1),
            until=until,
            first_night=fit.first_night,
            last_night=fit.last_night,
            nights=fit.nights,
            rows=fit.rows,
            actor=entry.actor,
            reason=entry.reason,
        )


def _promotions(scorer: Scorer, moves: list[Entry], days: list[date]) -> Iterator[PromotionFact]:
    """Both models on the next nights, also beyond the new one's own service."""
    for before, entry in pairwise(moves):
        following = [day for day in days if day > entry.as_of and day in scorer.labelled][:_NEXT]
        rows = {day: scorer.rows(day) for day in following}
        new, old = (scorer.version(e.version or "", following) for e in (entry, before))
        yield PromotionFact(
            as_of=entry.as_of,
            version=entry.version or "",
            replaced=before.version or "",
            nights=len(following),
            new_loss=mean(new, rows),
            old_loss=mean(old, rows),
        )
