"""A policy lived through again: it retrains, its champions serve, their nights are its evidence.

Decisions are `tasks.core.policy`, attempts `tasks.engine.replay.attempts`. No store is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from schemas.judgement import Cause, Outcome
from schemas.monitoring import DriftReference, NightLoss
from schemas.night import Decision, Evidence, ReadJudgement, TriggerState
from schemas.period import shift
from tasks.core.quality import quality_hint
from tasks.engine.replay.attempts import Attempt, Trainer, night_loss
from tasks.engine.replay.evidence import Champion, Observer, usable
from tasks.engine.replay.fits import Fits, Floats
from tasks.engine.replay.moves import Move, alarms_of, retrain_of
from tasks.engine.replay.variants import Variant, decide_as


@dataclass(frozen=True)
class ScoredNight:
    """A labelled night as the champion of that night scored it."""

    as_of: date
    loss: float
    target: Floats
    prediction: Floats


@dataclass(frozen=True)
class Ended:
    """A retrain and how it ended."""

    move: Move
    outcome: Outcome


@dataclass
class Lived:
    """What a policy lived through; `states` are those of its nights, as night records name them.

    `row_rounds` is what its retrains cost, the first one aside.
    """

    policy: str
    scored: list[ScoredNight] = field(default_factory=list)
    retrains: list[Ended] = field(default_factory=list)
    alarms: list[Move] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    row_rounds: int = 0


def simulate(
    fits: Fits,
    variant: Variant,
    nights: Iterable[date],
    references: dict[tuple[str, float], DriftReference],
) -> Lived:
    """Live through these dates in order, with a first champion fitted on what was known before.

    `references` are drift references made so far; policies that share nights share them.
    """
    observer = Observer(fits.past, fits.setting, variant.policy)
    life = _Life(fits, variant, Trainer(fits, variant.policy, references), observer)
    for as_of in nights:
        life.live(as_of)
    life.lived.row_rounds = life.trainer.windows.row_rounds - life.first_cost
    return life.lived


@dataclass
class _Life:
    """A policy between two nights."""

    fits: Fits
    variant: Variant
    trainer: Trainer
    observer: Observer
    champion: Champion | None = None
    state: TriggerState = field(default_factory=TriggerState)
    unread: list[ReadJudgement] = field(default_factory=list)
    losses: list[NightLoss] = field(default_factory=list)
    first_cost: int = 0
    lived: Lived = field(init=False)

    def __post_init__(self) -> None:
        self.lived = Lived(self.variant.name)

    def live(self, as_of: date) -> None:
        """Score, observe, decide, and retrain when that was decided."""
        if not self.lived.states:
            self._train(shift(as_of, -1), Cause(kind="person"), TriggerState())
        self._score(as_of)
        mature = self.observer.mature(self.losses, as_of)
        evidence = self.observer.observe(as_of, self.state, self.champion, mature, self.unread)
        hint = self.champion is not None and quality_hint(self.champion.null, mature)
        self.state, decision = decide_as(self.variant, self.state, evidence, hint=hint)
        self.unread = []
        self._follow(evidence, decision)

    def _score(self, as_of: date) -> None:
        """Tonight's rows by tonight's champion; what becomes of their labels is known later."""
        fits = self.fits
        if self.champion is None or as_of not in fits.past.known_from:
            return
        loss = night_loss(fits, self.champion.served, as_of)
        self.losses.append(loss)
        scores = fits.mean_scores(self.champion.served, (as_of,))
        self.lived.scored.append(ScoredNight(as_of, loss.loss, fits.target((as_of,)), scores))

    def _follow(self, evidence: Evidence, decision: Decision) -> None:
        self.lived.states.append(decision.state)
        self.lived.alarms += alarms_of(evidence.as_of, decision)
        if decision.action != "retrain" or decision.cause is None:
            return
        ended = self._train(evidence.as_of, decision.cause, self.state)
        if ended is not None:
            move = retrain_of(evidence.as_of, decision)
            self.lived.retrains.append(Ended(move, ended.outcome))

    def _train(self, as_of: date, cause: Cause, state: TriggerState) -> Attempt | None:
        nights = usable(self.fits.past, as_of, state)
        had_champion = self.champion is not None
        attempt = self.trainer.attempt(self.champion, nights)
        if attempt is None:
            return None
        if attempt.champion:
            self.champion = attempt.champion
        if not had_champion:
            self.first_cost = self.trainer.windows.row_rounds
        self.unread.append(self._as_read(as_of, cause, attempt, had_champion))
        return attempt

    def _as_read(
        self, as_of: date, cause: Cause, attempt: Attempt, is_refresh: bool
    ) -> ReadJudgement:
        return ReadJudgement(
            key=str(as_of),
            as_of=as_of,
            retrain="refresh" if is_refresh else "first",
            cause=cause,
            outcome=attempt.outcome,
            recipe=self.fits.setting.recipe,
            sentence=attempt.sentence,
        )
