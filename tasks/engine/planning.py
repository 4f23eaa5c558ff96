"""What a retrain would be now: its kind, its usable nights, its split. Nothing is fitted here.

The split's rule is `tasks.core.plan`.
"""

from dataclasses import dataclass, replace
from datetime import date

from schemas.judgement import Kind
from schemas.model import Card
from schemas.night import Plan
from schemas.project import Project
from tasks.core.plan import Split, embargo_of, split_nights
from tasks.engine.groups import can_judge
from tasks.engine.recutting import can_recut
from tasks.engine.usable import UsableNight, is_one_class, usable_nights
from tasks.store import Store


@dataclass(frozen=True)
class Planned:
    """A retrain's kind and split over the usable nights."""

    kind: Kind
    split: Split
    nights: tuple[UsableNight, ...]

    @property
    def train(self) -> tuple[UsableNight, ...]:
        """The nights that the challenger is fitted on."""
        return tuple(night for night in self.nights if night.as_of in self.split.train)

    @property
    def before(self) -> tuple[UsableNight, ...]:
        """The nights before the cut, those under the embargo as well."""
        cut = self.split.cut
        return tuple(night for night in self.nights if cut is not None and night.as_of < cut)

    @property
    def gate(self) -> tuple[UsableNight, ...]:
        """The nights that judge."""
        return tuple(night for night in self.nights if night.as_of in self.split.gate)


def plan_retrain(
    store: Store, project: Project, as_of: date, card: Card | None, left_out: frozenset[date]
) -> Planned:
    """A first champion without a card; a refresh of the card's recipe, or a change from it."""
    nights = usable_nights(store, project, as_of, left_out)
    kind: Kind = "first"
    if card is not None:
        kind = "refresh" if card.recipe_digest == project.recipe_digest else "change"
    cut = card.stand_in[0].cut if card else None
    found = {night.as_of: night for night in nights}
    split = split_nights(
        kind,
        list(found),
        cut,
        project.policy,
        project.label_delay,
        lambda night: can_judge(store, project, found[night]),
    )
    if kind == "change" and card is not None and can_recut(store, project, card, nights):
        split = replace(split, nights_needed=0)
    return Planned(kind, split, nights)


def plan_tonight(
    store: Store, project: Project, as_of: date, card: Card | None, left_out: frozenset[date]
) -> Plan:
    """The plan in the numbers that the night record keeps."""
    planned = plan_retrain(store, project, as_of, card, left_out)
    return Plan(
        retrain=planned.kind,
        cut=planned.split.cut,
        gate_nights=len(planned.split.gate),
        embargo=embargo_of(project.label_delay),
        nights_needed=planned.split.nights_needed,
        usable=len(planned.nights),
        usable_rows=sum(night.labels.kept for night in planned.nights),
        one_class=is_one_class(planned.nights) if planned.nights else False,
        groups=project.groups,
    )
