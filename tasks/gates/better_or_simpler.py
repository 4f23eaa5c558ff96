"""The change gate that lets a simpler family pass when it is nearly as good."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.better import Better
from tasks.gates.paired import pair_with_prior, pair_with_rival


class BetterOrSimpler(Gate):
    """As `Better`; a change to a family lower on the ladder passes when it is not worse.

    Not worse is a test of non-inferiority: beyond chance it keeps all but `tolerance` of what the
    incumbent gains over the constant. How often a worse one passes: docs/decisions.md.
    """

    confidence: float = Field(default=0.99, gt=0.5, lt=1)
    tolerance: float = Field(
        default=0.05, gt=0, lt=1, description="share of the incumbent's gain that may be lost"
    )
    sure: float = Field(default=0.95, gt=0.5, lt=1, description="confidence that it is not worse")

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided while nights are missing; silent on other retrains."""
        better = Better(confidence=self.confidence).judge(contest)
        if better is None or better.outcome == "undecided" or not contest.is_simpler:
            return better and better.model_copy(update={"gate": "better_or_simpler"})
        pairs = pair_with_rival(contest)
        lower, least = pairs.lower(self.sure), -self.tolerance * _gain_of_rival(contest)
        kept = lower > least or better.outcome == "passed"
        return Verdict(
            gate="better_or_simpler",
            outcome="passed" if kept else "refused",
            sentence=(
                f"simpler than the incumbent, and {'not worse' if kept else 'not proven as good'}: "
                f"gain {pairs.gain:+.4f} a row, at least {lower:+.4f} ({self.sure:.0%}), "
                f"{least:+.4f} is put up with ({self.tolerance:.0%} of the incumbent's gain)"
            ),
            numbers={**pairs.numbers, "lower": lower},
            limits={"lower": least},
        )


def _gain_of_rival(contest: Contest) -> float:
    """Loss a row that the incumbent saves over the constant, at least 0."""
    gain = pair_with_prior(contest).gain - pair_with_rival(contest).gain
    return max(gain, 0.0)
