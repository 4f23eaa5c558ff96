"""What other policies would have asked for, had they seen the recorded evidence. Nothing is fitted.

The evidence is that of the champions that did serve: a policy that would have retrained otherwise
would have seen other nights' losses. With refits it does, see `tasks.engine.replay.simulate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import dropwhile

from schemas.model import Card
from schemas.monitoring import NightLoss
from schemas.night import Decision, Evidence, Night, TriggerState
from schemas.policy import Policy
from schemas.project import Project
from tasks.core.quality import quality_hint
from tasks.engine.pruning import length_of, menu_of
from tasks.engine.replay.moves import Move, alarms_of, count_causes, retrain_of
from tasks.engine.replay.variants import Variant, decide_as
from tasks.engine.standing import nights_in_order
from tasks.store import Store, keys


@dataclass(frozen=True)
class Asked:
    """What one policy asked for over some nights. `row_rounds` estimates what that costs."""

    policy: str
    nights: int
    retrains: tuple[Move, ...]
    alarms: tuple[Move, ...]
    row_rounds: int

    @property
    def causes(self) -> dict[str, int]:
        """Retrains by cause."""
        return count_causes(self.retrains)


def ask(
    store: Store,
    project: Project,
    variants: Sequence[Variant],
    first: date | None = None,
    last: date | None = None,
) -> tuple[Asked, ...]:
    """Each variant over the recorded nights from `first` to `last`, from the state they began in.

    Nothing when no decided night is recorded there.
    """
    nights = _decided(store, project.name, first, last)
    if not nights:
        return ()
    hints = [_hint(store, project.name, night.evidence) for night in nights]
    began = _state_before(store, nights[0])
    rounds = project.family.rounds
    return tuple(_walk(variant, began, nights, hints, rounds) for variant in variants)


def _decided(store: Store, project: str, first: date | None, last: date | None) -> list[Night]:
    """Records in commit order; history nights before the first one decide nothing."""
    nights = [night for _, night in nights_in_order(store, project)]
    within = [n for n in nights if (first or n.as_of) <= n.as_of <= (last or n.as_of)]
    return list(dropwhile(lambda night: night.evidence.history, within))


def _state_before(store: Store, night: Night) -> TriggerState:
    link = night.follows
    return store.record(link.key, Night).trigger if link else TriggerState()


def _hint(store: Store, project: str, evidence: Evidence) -> bool:
    """Whether quality had begun to fall, by the null of the champion that served."""
    points = evidence.quality.points
    if evidence.champion is None or not points:
        return False
    null = store.record(keys.card(project, evidence.champion), Card).quality_null
    newest = [NightLoss(as_of=point.as_of, rows=point.rows, loss=point.loss) for point in points]
    return quality_hint(null, newest)


@dataclass
class _Tally:
    """What a policy has asked for so far. `fitted` are the usable nights of its refits."""

    policy: Policy
    retrains: list[Move] = field(default_factory=list)
    alarms: list[Move] = field(default_factory=list)
    fitted: set[int] = field(default_factory=set)
    rows: float = 0.0

    def note(self, evidence: Evidence, decision: Decision) -> None:
        """Count tonight's new alarms and the retrain, if one is asked for."""
        self.alarms += alarms_of(evidence.as_of, decision)
        if decision.action == "retrain":
            self.retrains.append(retrain_of(evidence.as_of, decision))
            self._fit(evidence)

    def _fit(self, evidence: Evidence) -> None:
        """The refit on all usable nights, and the challenger unless it is an earlier refit.

        A challenger that does not know held-out groups never is.
        """
        plan = evidence.plan
        challenger = max(plan.usable - self.policy.gate_nights - plan.embargo, 0)
        self.rows += plan.usable_rows * self._share(plan.usable, plan.usable)
        if plan.usable and (plan.groups or challenger not in self.fitted):
            self.rows += plan.usable_rows * self._share(challenger, plan.usable)
        self.fitted.add(plan.usable)

    def _share(self, nights: int, usable: int) -> float:
        """What fits of every training window on so many nights take of the usable rows."""
        lengths = {length_of(window, nights) for window in menu_of(self.policy)}
        return sum(lengths) / max(usable, 1)


def _walk(
    variant: Variant, state: TriggerState, nights: list[Night], hints: list[bool], rounds: int
) -> Asked:
    tally = _Tally(variant.policy)
    for night, hint in zip(nights, hints, strict=True):
        state, decision = decide_as(variant, state, night.evidence, hint=hint)
        tally.note(night.evidence, decision)
    return Asked(
        policy=variant.name,
        nights=len({night.as_of for night in nights if not night.evidence.late}),
        retrains=tuple(tally.retrains),
        alarms=tuple(tally.alarms),
        row_rounds=round(tally.rows * rounds),
    )
