"""A contest's nights as pairs of loss sums, and the verdict on too few of them.

What the pairs are judged by is each gate's own file.
"""

import numpy as np

from schemas.judgement import Contest, Verdict
from tasks.core.paired_nights import PairedNights

MIN_NIGHTS = 3


def pair_with_rival(contest: Contest) -> PairedNights:
    """The challenger against the champion's stand-in."""
    return PairedNights(
        rows=np.array([night.rows for night in contest.nights], dtype=np.float64),
        challenger=np.array([night.challenger for night in contest.nights]),
        rival=np.array([night.rival for night in contest.nights], dtype=np.float64),
    )


def pair_with_prior(contest: Contest) -> PairedNights:
    """The challenger against the constant that it would be without any feature."""
    return PairedNights(
        rows=np.array([night.rows for night in contest.nights], dtype=np.float64),
        challenger=np.array([night.challenger for night in contest.nights]),
        rival=np.array([night.prior for night in contest.nights]),
    )


def too_few(gate: str, contest: Contest, needed: int = MIN_NIGHTS) -> Verdict | None:
    """Undecided while there are fewer usable gate nights than the gate needs."""
    missing = max(needed - len(contest.nights), contest.nights_needed)
    if missing <= 0:
        return None
    return Verdict(
        gate=gate,
        outcome="undecided",
        sentence=f"{len(contest.nights)} usable gate nights, {missing} more are needed",
        numbers={"nights": len(contest.nights)},
        limits={"nights": len(contest.nights) + missing},
        nights_needed=missing,
    )
