"""The gate of a first champion: it must beat the constant."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import pair_with_prior, too_few


class BeatsPrior(Gate):
    """Passes a first champion that is better than the training mean beyond chance."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; silent on other retrains."""
        if contest.kind != "first":
            return None
        undecided = too_few("beats_prior", contest)
        if undecided:
            return undecided
        pairs = pair_with_prior(contest)
        lower = pairs.lower(self.confidence)
        says = "better" if lower > 0 else "not better"
        return Verdict(
            gate="beats_prior",
            outcome="passed" if lower > 0 else "refused",
            sentence=(
                f"{says} than the constant: gain {pairs.gain:+.4f} a row, "
                f"at least {lower:+.4f} ({self.confidence:.0%})"
            ),
            numbers={**pairs.numbers, "lower": lower},
            limits={"lower": 0.0},
        )
