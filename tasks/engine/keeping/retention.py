"""Which objects a project still needs: those named within its retention, and its champions'.

Deleting the others is `tasks.engine.keeping.collect`; the numbers are the policy's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.batch import Batch
from schemas.labels import Labels
from schemas.model import Card
from schemas.policy import Policy
from schemas.project import Project
from tasks.store import Store, keys
from tasks.store.backend import Listed
from tasks.store.ledger import entries
from tasks.store.walk import Walked, project_of


@dataclass(frozen=True)
class Retention:
    """What is kept as of the `newest` night.

    `cards` has the night of each model version; `champions` are versions that are kept whatever
    their age, `trained` the rows and labels they were fitted on.
    """

    policy: Policy
    newest: date | None
    cards: dict[str, date]
    champions: frozenset[str]
    trained: frozenset[str]

    def keeps(self, source: str) -> bool:
        """Whether what this record names is kept for the record's sake."""
        place = keys.parse(source)
        night = self.cards.get(place.version or "", place.as_of)
        if place.version in self.champions or night is None or self.newest is None:
            return True
        return self.policy.keeps(night, self.newest)


def read_retention(store: Store, project: Project) -> Retention:
    """The project's retention over what the store holds now.

    Errors as of any record: what cannot be read might need anything.
    """
    nights = [place.as_of for place, _ in store.places("batches", project.name) if place.as_of]
    cards = {
        place.version or "": store.record(key, Card)
        for place, key in store.places("models", project.name)
    }
    kept = [cards[version] for version in _newest_champions(store, project) if version in cards]
    return Retention(
        policy=project.policy,
        newest=max(nights, default=None),
        cards={version: card.as_of for version, card in cards.items()},
        champions=frozenset(card.version for card in kept),
        trained=frozenset(_trained_on(store, project.name, kept)),
    )


def _newest_champions(store: Store, project: Project) -> list[str]:
    """The versions that came into service last, each once."""
    served = [entry.version for entry in reversed(entries(store, project.name)) if entry.version]
    return list(dict.fromkeys(served))[: project.policy.retention_champions]


def _trained_on(store: Store, project: str, cards: Sequence[Card]) -> Iterator[str]:
    """Rows and labels, in every revision, of the nights that these champions were fitted on.

    All nights between their first and their last count, also those that they left out: a mark that
    is taken back, or a sound delivery, brings them in.
    """
    windows = [
        (fit.first_night, fit.last_night)
        for card in cards
        for fit in (*card.members, *card.stand_in)
    ]
    for place, key in store.places("batches", project):
        if _is_within(place.as_of, windows) and (rows := store.record(key, Batch).rows):
            yield rows.key
    for place, key in store.places("labels", project):
        if _is_within(place.as_of, windows):
            yield store.record(key, Labels).rows.key


def _is_within(night: date | None, windows: Sequence[tuple[date, date]]) -> bool:
    return night is not None and any(first <= night <= last for first, last in windows)


def find_unneeded(walked: Walked, retention: Retention, stored: Iterable[Listed]) -> list[Listed]:
    """Of the stored objects those that nothing needs, whatever their age."""
    named_by = sources_by_key(walked)
    return [one for one in stored if not _is_needed(one.key, named_by.get(one.key, []), retention)]


def _is_needed(key: str, sources: Sequence[str], retention: Retention) -> bool:
    """Files that are no objects of the store are needed by somebody else, for all we know."""
    is_object = project_of(key) is not None
    return not is_object or key in retention.trained or any(map(retention.keeps, sources))


def sources_by_key(walked: Walked) -> dict[str, list[str]]:
    """The records that name each object."""
    named_by: dict[str, list[str]] = {}
    for ref, sources in walked.objects.items():
        named_by.setdefault(ref.key, []).extend(sources)
    return named_by
