"""The change gate: another recipe passes only when it is better."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import pair_with_rival, too_few


class Better(Gate):
    """Passes a change whose gain over the incumbent is above the margin beyond chance.

    Student's t over nights at 99 %, one-sided: among equally good recipes it promotes about 2 %
    (docs/decisions.md).
    """

    confidence: float = Field(default=0.99, gt=0.5, lt=1)
    margin: float = Field(
        default=0.0, ge=0, description="gain in loss a row that is worth a change"
    )

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided while nights are missing; silent on other retrains."""
        if contest.kind != "change":
            return None
        undecided = too_few("better", contest)
        if undecided:
            return undecided
        pairs = pair_with_rival(contest)
        lower = pairs.lower(self.confidence)
        says = "better" if lower > self.margin else "not proven better"
        return Verdict(
            gate="better",
            outcome="passed" if lower > self.margin else "refused",
            sentence=(
                f"{says} than the incumbent recipe: gain {pairs.gain:+.4f} a row, "
                f"at least {lower:+.4f} ({self.confidence:.0%}), margin {self.margin:g}"
            ),
            numbers={**pairs.numbers, "lower": lower, "loss_ratio": pairs.nights.loss_ratio},
            limits={"lower": self.margin},
        )
