"""How far a bad night reaches: models, promotions, scores; and a champion that never knew one.

Marking a night is `tasks.engine.people`, words are `tasks.telling.radius`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schemas.ledger import BadNight, Standing
from schemas.project import Project
from schemas.radius import BlastRadius, WayOut
from tasks.engine.attempt import nothing_new, plan_for, scorable_champion
from tasks.engine.lineage import Lineage
from tasks.engine.people import check_can_be_bad
from tasks.engine.score import why_unscorable
from tasks.engine.standing import committed_as_of
from tasks.engine.training_set import may_know_any
from tasks.store import Store


def blast_radius(store: Store, project: Project, night: date) -> BlastRadius:
    """What would be reached if the night were marked bad now; nothing is changed.

    Raises:
        Declined: it is marked already, or has no batch.
        NotYet: it was never recorded.
    """
    lineage = Lineage(store, project.name)
    standing = lineage.standing
    check_can_be_bad(store, project.name, standing, night)
    marked = (*standing.bad, BadNight(night=night, seq=standing.seq + 1, reason="", actor=""))
    search = _Search(store, project, lineage, standing.model_copy(update={"bad": marked}))
    champion = standing.champion
    return BlastRadius(
        project=project.name,
        night=night,
        models=lineage.models_that_know(night),
        champion=champion,
        is_champion_affected=bool(champion) and search.may_know(champion, frozenset({night})),
        way_out=search.way_out(),
    )


@dataclass(frozen=True)
class _Search:
    """Looks for a way out of a standing with bad nights."""

    store: Store
    project: Project
    lineage: Lineage
    standing: Standing

    def may_know(self, version: str | None, nights: frozenset[date]) -> bool:
        known = {card.version: card for card in self.lineage.cards}
        return version not in known or may_know_any(self.store, known[version], nights)

    def way_out(self) -> WayOut:
        """The newest clean champion, else a new fit without the bad nights."""
        champion = self.standing.champion
        if champion is None:
            return WayOut(sentence="There is no champion.")
        if not self.may_know(champion, self.standing.bad_nights):
            return WayOut(sentence=f"The champion {champion} is clean: nothing need be done.")
        clean = next(self._clean(), None)
        return self._back_to(clean) if clean else self._fit_anew()

    def _clean(self) -> Iterator[str]:
        """Versions that were promoted, know no bad night and can serve; the newest first."""
        promoted = [e.version for e in reversed(self.lineage.ledger) if e.action == "promote"]
        for version in dict.fromkeys(filter(None, promoted)):
            if self.may_know(version, self.standing.bad_nights):
                continue
            if why_unscorable(self.store, self.project, version) is None:
                yield version

    def _back_to(self, version: str) -> WayOut:
        name = self.project.name
        sentence = f"The newest clean champion is {version}."
        if version in self.standing.previous_champions:
            back = f"driftloop rollback {name} --version {version} --reason ..."
            return WayOut(sentence=sentence, clean=version, commands=(back,))
        again = f"driftloop promote {name} --override --version {version} --reason ..."
        return WayOut(sentence=sentence, clean=version, commands=(*self._unfreeze(), again))

    def _fit_anew(self) -> WayOut:
        store, project, standing = self.store, self.project, self.standing
        as_of = committed_as_of(store, project, date.min)
        card = scorable_champion(store, project, standing)
        planned = plan_for(store, project, as_of, card, standing)
        none = "No clean champion was ever promoted."
        if not planned.train or planned.split.cut is None:
            return WayOut(sentence=f"{none} Too few nights are left to fit one.")
        if nothing_new(planned, card):
            command = f"driftloop promote {project.name} --override --reason ..."
            text = (
                f"{none} No gate can judge before newer nights have labels: fit one without gates."
            )
        else:
            command = f"driftloop retrain {project.name}"
            text = f"{none} A retrain fits one without the bad nights."
        return WayOut(sentence=text, commands=(*self._unfreeze(), command))

    def _unfreeze(self) -> tuple[str, ...]:
        """What goes before a promotion while it is frozen."""
        frozen = self.standing.frozen
        return (f"driftloop unfreeze {self.project.name} --reason ...",) if frozen else ()
