"""The refresh gate: the same recipe on newer data passes unless it is worse."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import pair_with_rival, too_few


class NotWorse(Gate):
    """Refuses a refresh whose loss is higher than the stand-in's beyond chance, or far higher.

    Student's t over nights, one-sided; the cap on the loss ratio, in total and on the median
    night, is for heavy tails, where one row inflates the standard error and lets harm pass.
    """

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    loss_cap: float = Field(default=5.0, gt=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; silent on other retrains."""
        if contest.kind != "refresh":
            return None
        undecided = too_few("not_worse", contest)
        if undecided:
            return undecided
        pairs = pair_with_rival(contest)
        upper = pairs.upper(self.confidence)
        worst = max(pairs.nights.loss_ratio, pairs.nights.median_ratio)
        passed = upper >= 0 and worst <= self.loss_cap
        return Verdict(
            gate="not_worse",
            outcome="passed" if passed else "refused",
            sentence=_sentence(pairs.gain, upper, worst, self.loss_cap, self.confidence),
            numbers={
                **pairs.numbers,
                "upper": upper,
                "loss_ratio": pairs.nights.loss_ratio,
                "median_ratio": pairs.nights.median_ratio,
            },
            limits={"upper": 0.0, "loss_ratio": self.loss_cap, "median_ratio": self.loss_cap},
        )


def _sentence(gain: float, upper: float, worst: float, cap: float, confidence: float) -> str:
    if worst > cap:
        return f"loss {worst:.1f} times the stand-in's, limit {cap:g}"
    says = "not worse" if upper >= 0 else "worse"
    return (
        f"{says} than the stand-in: gain {gain:+.4f} a row, at most {upper:+.4f} ({confidence:.0%})"
    )
