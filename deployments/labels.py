"""Labels night by night as people look at them. Settling them is `tasks.core.labelling`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from schemas.batch import Batch
from schemas.errors import NotYet
from schemas.labels import Labels
from schemas.period import between
from schemas.project import Project
from tasks.core.label_delay import SHARES, LearnedDelay, judge_delay, learn_delay
from tasks.engine.records import newest_by_night, records_of
from tasks.store import Store


@dataclass(frozen=True)
class NightLabels:
    """One night: rows of its batch, those labelled, nights until the newest revision was known."""

    night: date
    rows: int
    labelled: int
    after: int | None
    left_out: int

    def row(self) -> tuple[str, ...]:
        """Its line in a table."""
        coverage = f"{self.labelled / self.rows:.1%}" if self.rows else "-"
        after = "history" if self.labelled and self.after is None else f"{self.after or '-'}"
        return (
            str(self.night),
            f"{self.rows}",
            f"{self.labelled}",
            coverage,
            after,
            (str(self.left_out) if self.left_out else "-"),
        )


@dataclass(frozen=True)
class ToldLabels:
    """Nights, newest last, and what was learned of the delay."""

    nights: tuple[NightLabels, ...]
    learned: LearnedDelay | None
    declared: int
    verdict: str | None

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return asdict(self)

    def delay_lines(self) -> Iterator[str]:
        """The learned delay in words."""
        if self.learned is None:
            yield f"delay: none learned yet, label_delay is {self.declared}"
            return
        shares = ", ".join(
            f"{share:.0%} within {nights}"
            for share, nights in zip(SHARES, self.learned.quantiles, strict=True)
        )
        yield (
            f"delay: {shares} nights, of {self.learned.labels:,} labels of "
            f"{self.learned.nights} nights; label_delay is {self.declared}"
        )
        if self.verdict:
            yield f"next: {self.verdict}"


def collect_labels(store: Store, project: Project, last: int) -> ToldLabels:
    """The newest nights with a sound batch.

    Raises:
        NotYet: there is none.
    """
    batches = newest_by_night(store, Batch, project.name)
    sound = {night: one for night, (_, one) in batches.items() if one.status == "accepted"}
    if not sound:
        raise NotYet(f"{project.name}: no sound night yet; driftloop night {project.name}")
    revisions = defaultdict[date, list[Labels]](list)
    for one in records_of(store, Labels, project.name):
        revisions[one.as_of].append(one)
    learned = learn_delay(revisions)
    coverage = project.policy.label_coverage
    return ToldLabels(
        nights=tuple(_night(one, revisions[night]) for night, one in list(sound.items())[-last:]),
        learned=learned,
        declared=project.label_delay,
        verdict=judge_delay(learned, project.label_delay, coverage) if learned else None,
    )


def _night(batch: Batch, revisions: list[Labels]) -> NightLabels:
    newest = revisions[-1] if revisions else None
    if newest is None:
        return NightLabels(batch.as_of, batch.counts.kept, 0, None, 0)
    return NightLabels(
        night=batch.as_of,
        rows=batch.counts.kept,
        labelled=newest.kept,
        after=between(newest.known, batch.as_of) if newest.known else None,
        left_out=newest.contradictory + newest.invalid + newest.unknown,
    )
