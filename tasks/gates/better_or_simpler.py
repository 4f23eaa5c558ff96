"""The change gate that lets a simpler family pass when it is nearly as good."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import Pairs, pair_with_prior, pair_with_rival, too_few

_NAME = "better_or_simpler"


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
        undecided = too_few(_NAME, contest)
        if contest.kind != "change" or undecided:
            return undecided if contest.kind == "change" else None
        pairs = pair_with_rival(contest)
        lower = pairs.lower(self.confidence)
        if lower > 0 or not contest.is_simpler:
            says = "better" if lower > 0 else "neither simpler nor proven better"
            return _verdict(pairs, says, lower, 0.0, self.confidence)
        lower, least = pairs.lower(self.sure), -self.tolerance * _gain_of_rival(contest)
        says = "simpler and not worse" if lower > least else "simpler, but not proven as good"
        return _verdict(pairs, says, lower, least, self.sure)


def _verdict(pairs: Pairs, says: str, lower: float, least: float, confidence: float) -> Verdict:
    return Verdict(
        gate=_NAME,
        outcome="passed" if lower > least else "refused",
        sentence=(
            f"{says}: gain over the incumbent recipe {pairs.gain:+.4f} a row, at least "
            f"{lower:+.4f} ({confidence:.0%}), limit {least:+.4f}"
        ),
        numbers={**pairs.numbers, "lower": lower},
        limits={"lower": least},
    )


def _gain_of_rival(contest: Contest) -> float:
    """Loss a row that the incumbent saves over the constant, at least 0."""
    gain = pair_with_prior(contest).gain - pair_with_rival(contest).gain
    return max(gain, 0.0)
