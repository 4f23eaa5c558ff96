"""Why a night went as it did, in words and numbers. Collected from records, never recomputed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from schemas.batch import Batch
from schemas.errors import NotYet
from schemas.judgement import Judgement
from schemas.ledger import BadNight
from schemas.night import Night
from tasks.engine.reconcile import judgements_by_hand, judgements_for
from tasks.engine.standing import night_of
from tasks.home import home
from tasks.store.ledger import read_standing
from tasks.telling.flips import what_would_flip
from tasks.telling.next_steps import beyond_why
from tasks.telling.nights import by_nearness, decision_sentence, tell_night
from tasks.telling.reasons import reasons_of, without_hidden
from tasks.telling.retrains import tell_judgement

if TYPE_CHECKING:  # a project brings pandas, which the page server does without
    from schemas.project import Project


@dataclass(frozen=True)
class Explained:
    """A night's record with all that it refers to, and the retrains of it by hand."""

    key: str
    night: Night
    batch: Batch | None
    judgements: tuple[tuple[str, Judgement], ...]
    announcements: tuple[str, ...]
    earlier: tuple[tuple[str, str], ...]
    marked_bad: BadNight | None

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "key": self.key,
            "night": self.night.model_dump(mode="json"),
            "batch": self.batch.model_dump(mode="json") if self.batch else None,
            "judgements": [judgement.model_dump(mode="json") for _, judgement in self.judgements],
            "announcements": self.announcements,
            "earlier": self.earlier,
            "marked_bad": self.marked_bad.model_dump(mode="json") if self.marked_bad else None,
            "would_flip": what_would_flip(self.night),
        }

    def lines(self) -> Iterator[tuple[str, str]]:
        """For people: the decision first, then what led to it."""
        yield "decided", decision_sentence(self.night)
        for text in self.announcements:
            yield "simulated", text
        yield from self.steps()
        yield from self._data_lines()
        yield from self._drift_lines()
        for key, judgement in self.judgements:
            yield "judgement", key
            for line in tell_judgement(judgement):
                yield f"  {line.step}", line.text
        for key, text in self.earlier:
            yield "earlier", f"{key}: {text}"
        if flips := what_would_flip(self.night):
            yield "flips", flips
        yield "record", f"{self.key}, follows {_follows(self.night)}"
        yield "next", self.next_step

    def steps(self) -> Iterator[tuple[str, str]]:
        """What each step came to, from the data to what was promoted; not the decision."""
        for line in tell_night(home(), self.key):
            if line.step != "decide":
                yield line.step, line.text

    @property
    def next_step(self) -> str:
        """What to type next."""
        last = self.judgements[-1][1] if self.judgements else None
        return beyond_why(self.night, self.batch, last)

    def _data_lines(self) -> Iterator[tuple[str, str]]:
        if self.batch is None:
            return
        for reason in reasons_of(self.batch):
            yield "broken", reason.text
        if self.batch.quarantine:
            yield "", f"driftloop quarantine {self.batch.project} {self.batch.as_of} --rows 5"

    def _drift_lines(self) -> Iterator[tuple[str, str]]:
        for column in by_nearness(self.night.evidence.drift.columns):
            mark = " drifted" if column.drifted else ""
            limit = f"of {column.threshold:.3f}" if column.can_alarm else "left out"
            yield "  column", f"{column.column} {column.distance:.3f} {limit}{mark}"


def explain_night(project: "Project", as_of: date) -> Explained:
    """Collect what the store says of a night, with what the project's source announces of it.

    Raises:
        NotYet: the night was never recorded.
    """
    from schemas.contract import sensitive_names

    told = project.source.announcements(as_of)
    return explain_recorded(project.name, as_of, told, sensitive_names(project.contract))


def explain_recorded(
    project: str,
    as_of: date,
    announcements: tuple[str, ...],
    sensitive: frozenset[str] | None = None,
) -> Explained:
    """Collect what the store says of a night. Errors as in `explain_night`.

    Without the contract's `sensitive` columns an early record's examples are left out.
    """
    found = night_of(home(), project, as_of)
    if found is None:
        raise NotYet(
            f"{project}: night {as_of} was never recorded; "
            f"driftloop nights {project} lists those that were"
        )
    key, night = found
    batch = without_hidden(home().record(night.batch, Batch), sensitive) if night.batch else None
    return Explained(
        key=key,
        night=night,
        batch=batch,
        judgements=(
            *judgements_for(home(), project, key),
            *judgements_by_hand(home(), project, as_of),
        ),
        announcements=announcements,
        earlier=_earlier(project, as_of),
        marked_bad=read_standing(home(), project).marked(as_of),
    )


def _earlier(project: str, as_of: date) -> tuple[tuple[str, str], ...]:
    """Key and decision of each revision of the night before the newest."""
    found = home().revisions("nights", project, as_of)[:-1]
    return tuple((key, decision_sentence(home().record(key, Night))) for key in found)


def _follows(night: Night) -> str:
    return night.follows.key if night.follows else "nothing, it is the first"
