"""A contest as pairs of loss sums, by nights and by held-out groups; verdicts that gates share.

Which pairs are judged, and when, is each gate's own file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.judgement import Contest, GateNight, GroupSums, Verdict
from tasks.core.paired_nights import PairedNights

MIN_NIGHTS = 3
MIN_GROUPS = 5


@dataclass(frozen=True)
class Pairs:
    """Two models on the same rows. The rows of a night depend on each other, those of a group too.

    So a limit is the more cautious one of both: over nights and, where the project has groups,
    over held-out groups. Few groups on many nights are little evidence, and many on few as well.
    """

    nights: PairedNights
    groups: PairedNights | None

    def lower(self, confidence: float) -> float:
        """One-sided lower limit of the gain."""
        return min(pairs.lower(confidence) for pairs in self._both)

    def upper(self, confidence: float) -> float:
        """One-sided upper limit of the gain."""
        return max(pairs.upper(confidence) for pairs in self._both)

    @property
    def gain(self) -> float:
        """Mean loss of a row that the challenger saves; negative where it loses."""
        return self.nights.gain

    @property
    def numbers(self) -> dict[str, float]:
        """What every verdict tells."""
        told = {
            "gain": self.gain,
            "standard_error": self.nights.standard_error,
            "nights": len(self.nights.rows),
        }
        if self.groups is None:
            return told
        return {**told, "standard_error_over_groups": self.groups.standard_error}

    @property
    def _both(self) -> Sequence[PairedNights]:
        return [self.nights] if self.groups is None else [self.nights, self.groups]


def pair_with_rival(contest: Contest) -> Pairs:
    """The challenger against the champion's stand-in."""
    return _pair(contest, "rival")


def pair_with_prior(contest: Contest) -> Pairs:
    """The challenger against the constant that it would be without any feature."""
    return _pair(contest, "prior")


def pair_with_simplest(contest: Contest) -> Pairs:
    """The challenger against the simplest learned family, fitted on the same nights."""
    return _pair(contest, "simplest")


def beyond_chance(
    gate: str, pairs: Pairs, confidence: float, than: str, otherwise: str = "not better"
) -> Verdict:
    """Passed where the challenger is better with that confidence, else refused."""
    lower = pairs.lower(confidence)
    return Verdict(
        gate=gate,
        outcome="passed" if lower > 0 else "refused",
        sentence=(
            f"{'better' if lower > 0 else otherwise} than {than}: gain {pairs.gain:+.4f} a row, "
            f"at least {lower:+.4f} ({confidence:.0%})"
        ),
        numbers={**pairs.numbers, "lower": lower},
        limits={"lower": 0.0},
    )


def too_few(gate: str, contest: Contest, needed: int = MIN_NIGHTS) -> Verdict | None:
    """Undecided while there are fewer usable gate nights, or held-out groups, than a gate needs."""
    missing = max(needed - len(contest.nights), contest.nights_needed)
    if missing > 0:
        return Verdict(
            gate=gate,
            outcome="undecided",
            sentence=f"{len(contest.nights)} usable gate nights, {missing} more are needed",
            numbers={"nights": len(contest.nights)},
            limits={"nights": len(contest.nights) + missing},
            nights_needed=missing,
        )
    held_out = contest.held_out
    if held_out is None or len(held_out.bundles) >= MIN_GROUPS:
        return None
    return Verdict(
        gate=gate,
        outcome="undecided",
        sentence=(
            f"{held_out.groups} held-out groups of {held_out.column} are too few to judge by: "
            f"{MIN_GROUPS} are needed, and a fifth of all groups is held out"
        ),
        numbers={"groups": len(held_out.bundles)},
        limits={"groups": MIN_GROUPS},
        nights_needed=1,
    )


def _pair(contest: Contest, other: str) -> Pairs:
    held_out = contest.held_out
    return Pairs(
        nights=_paired(contest.nights, other),
        groups=_paired(held_out.bundles, other) if held_out else None,
    )


def _paired(sums: Sequence[GateNight] | Sequence[GroupSums], other: str) -> PairedNights:
    return PairedNights(
        rows=np.array([one.rows for one in sums], dtype=np.float64),
        challenger=np.array([one.challenger for one in sums]),
        rival=np.array([getattr(one, other) for one in sums], dtype=np.float64),
    )
