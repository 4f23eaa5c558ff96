"""A simulated retrain attempt: challenger against stand-in, gates, refit. Nothing is published.

The real one is `tasks.engine.attempt` and `tasks.engine.publish`; the rules are shared.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from schemas.judgement import Contest, GateNight, Kind, Outcome
from schemas.monitoring import DriftReference, NightLoss
from schemas.policy import Policy
from tasks.core.calibration import calibrate
from tasks.core.conclusion import conclude
from tasks.core.holdout import judged_before
from tasks.core.metrics import row_losses, summarise
from tasks.core.plan import Split, embargo_of, is_known_by, split_nights
from tasks.engine.bundles import Bundles
from tasks.engine.contest import agreement, gate_night
from tasks.engine.evaluating import Evaluating
from tasks.engine.learning import predict_constant
from tasks.engine.pruning import Length
from tasks.engine.reference import BLOCK, block_starts, extend_null, label_of, with_words
from tasks.engine.replay.evidence import Champion
from tasks.engine.replay.fits import Fits, Fitted, Floats
from tasks.engine.replay.past import can_judge
from tasks.engine.replay.windows import WindowFits, Windows

Nights = tuple[date, ...]


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended: with a new champion, or without."""

    outcome: Outcome
    sentence: str
    champion: Champion | None = None


@dataclass
class Trainer:
    """Makes the attempts of one policy and counts what they cost."""

    fits: Fits
    policy: Policy
    references: dict[tuple[str, float], DriftReference]
    _judged: list[tuple[str, Nights]] = field(default_factory=list)

    @cached_property
    def windows(self) -> WindowFits:
        """Its fits, and what they have cost so far."""
        return WindowFits(self.fits, self.policy)

    def attempt(self, champion: Champion | None, nights: Nights) -> Attempt | None:
        """Fit, judge and refit on these usable nights; None when there is no new data."""
        kind: Kind = "refresh" if champion else "first"
        cut, delay = champion.cut if champion else None, self.fits.setting.label_delay
        split = split_nights(kind, nights, cut, self.policy, delay, self._can_judge)
        if split.cut is None or (champion and split.cut <= champion.cut):
            return None
        if self.fits.past.is_one_class(split.train):
            return Attempt(*conclude(kind, None, ()))
        if not self.fits.can_learn(split.train):
            return Attempt("failed", f"Failed ({kind}): nothing to learn without held-out groups.")
        challenger = self.windows.fit_challenger(split.train, split.cut)
        contest = self._hold(kind, challenger.members, champion, split)
        self.windows.note_losses(challenger, split)
        said = [gate.judge(contest) for gate in self.fits.setting.gates]
        outcome, sentence = conclude(kind, contest, [verdict for verdict in said if verdict])
        if outcome != "passed":
            return Attempt(outcome, sentence)
        return self._serve(champion, challenger, contest, split, nights, sentence)

    def _serve(
        self,
        before: Champion | None,
        challenger: Windows,
        contest: Contest,
        split: Split,
        nights: Nights,
        sentence: str,
    ) -> Attempt:
        served = self.windows.refit(nights, challenger)
        distance = self._agreement(challenger.members, served.members, split.gate)
        if distance > self.policy.agreement_limit:
            return Attempt("failed", f"Not promoted: agreement {distance:.2f}.")
        self.windows.serve(served, challenger)
        champion = Champion(
            served=served.members,
            stand_in=challenger.members,
            cut=split.gate[0],
            reference=self._refer(tuple(n for n in nights if n < split.gate[0])),
            null=self._null(before, contest, split, nights, served.kept),
        )
        return Attempt("passed", sentence, champion)

    def _can_judge(self, night: date) -> bool:
        return can_judge(self.fits.past, self.fits.setting, night)

    def _hold(
        self,
        kind: Kind,
        challenger: Sequence[Fitted],
        champion: Champion | None,
        split: Split,
    ) -> Contest:
        fits, setting = self.fits, self.fits.setting
        rival = champion.stand_in if champion else None
        if rival:
            fits.mean_scores(rival, split.gate)  # all nights at once, which is quicker
        judges, scores = fits.judges(split.gate), fits.mean_scores(challenger, split.gate)
        metrics = summarise(setting.task, fits.target(split.gate)[judges], scores[judges])
        bundles = Bundles(setting.groups, setting.name)
        evaluating = Evaluating.of(setting, int(judges.sum()))
        judged = []
        for night in split.gate:
            here = fits.judges((night,))
            frame, target = fits.past.labelled((night,))[here], fits.target((night,))[here]
            said = {who: made[here] for who, made in self._predictions(night, challenger, rival)}
            losses = {who: row_losses(setting.task, target, made) for who, made in said.items()}
            judged.append(gate_night(night, losses))
            bundles.add(frame, losses)
            evaluating.add(frame, target, said["challenger"], said.get("rival"))
        return Contest(
            kind=kind,
            nights=tuple(judged),
            metrics=metrics,
            nights_needed=split.nights_needed,
            held_out=bundles.held_out(),
            evaluation=evaluating.evaluation(),
            challenger_bytes=sum(map(fits.bytes_of, challenger)),
            judged_before=self._count(kind, challenger[0].id, split.gate),
            approved="a replay, which asks nobody",
        )

    def _count(self, kind: Kind, challenger: str, gate: Nights) -> int | None:
        """Other challengers that the most used of these nights has judged; noted for later ones."""
        before = judged_before(kind, challenger, gate, self._judged)
        self._judged.append((challenger, gate))
        return before

    def _predictions(
        self, night: date, challenger: Sequence[Fitted], rival: Sequence[Fitted] | None
    ) -> Iterator[tuple[str, Floats]]:
        """Who predicted what of all rows of the night."""
        scores = self.fits.mean_scores(challenger, (night,))
        yield "challenger", scores
        yield "prior", predict_constant(self.fits.setting, challenger[0], len(scores))
        if rival:
            yield "rival", self.fits.mean_scores(rival, (night,))

    def _agreement(
        self, challenger: Sequence[Fitted], served: Sequence[Fitted], gate: Nights
    ) -> float:
        """How far apart both are on rows of groups that both know, if there are any."""
        known = ~self.fits.judges(gate)
        rows = known if self.fits.setting.groups and known.any() else np.ones_like(known)
        one, other = (self.fits.mean_scores(fits, gate)[rows] for fits in (challenger, served))
        return agreement(self.fits.target(gate)[rows], one, other)

    def _refer(self, before: Nights) -> DriftReference:
        """The drift reference of a stand-in cut after these nights; made once for all policies."""
        newest = before[-self.policy.reference_nights :]
        past, setting, alpha = self.fits.past, self.fits.setting, self.policy.drift_alpha
        name = past.training_set(newest), alpha
        if name not in self.references:
            frames = [(night, with_words(past.labelled((night,)), setting)) for night in newest]
            self.references[name] = calibrate(
                frames, setting.kinds, label=label_of(setting), alpha=alpha
            )
        return self.references[name]

    def _null(
        self,
        before: Champion | None,
        contest: Contest,
        split: Split,
        nights: Nights,
        windows: Collection[Length],
    ) -> tuple[NightLoss, ...]:
        if before is None:
            return tuple(self._null_by_blocks(nights, windows))
        if self.fits.setting.groups:
            members = self.windows.fit_members(split.train, windows)
            since = [night for night in nights if night >= split.gate[0]]
            gate = [night_loss(self.fits, members, night) for night in since]
            return extend_null(before.null, gate)
        return extend_null(before.null, [_as_loss(night) for night in contest.nights])

    def _null_by_blocks(self, nights: Nights, windows: Collection[Length]) -> list[NightLoss]:
        losses = []
        delay = self.fits.setting.label_delay
        for start in block_starts(len(nights), self.policy.min_nights + embargo_of(delay)):
            known = [night for night in nights if is_known_by(night, nights[start], delay)]
            members = self.windows.fit_members(known, windows)
            block = nights[start : start + BLOCK]
            self.fits.mean_scores(members, block)
            losses += [night_loss(self.fits, members, night) for night in block]
        return losses


def night_loss(fits: Fits, members: Sequence[Fitted], night: date) -> NightLoss:
    """Mean loss of a champion on one night's labelled rows."""
    scores = fits.mean_scores(members, (night,))
    losses = row_losses(fits.setting.task, fits.target((night,)), scores)
    return NightLoss(as_of=night, rows=len(losses), loss=float(losses.mean()))


def _as_loss(night: GateNight) -> NightLoss:
    return NightLoss(as_of=night.as_of, rows=night.rows, loss=night.challenger / night.rows)
