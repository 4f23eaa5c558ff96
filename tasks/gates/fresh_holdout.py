"""Nights that have judged many challengers flatter the next: the luckiest recipe was picked."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate


class FreshHoldout(Gate):
    """Refuses a first champion or a change once its gate nights have judged too many others.

    Counted on the night that was used most. Each refresh counts as well: by the schedule a night
    judges gate_nights / refresh_every of them.
    """

    judges_scores: ClassVar[bool] = False

    max_challengers: int = Field(default=10, ge=1, description="others that a night may judge")

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused; silent on a refresh."""
        before = contest.judged_before
        if contest.kind == "refresh" or before is None:
            return None
        fresh = before <= self.max_challengers
        advice = "" if fresh else "; wait for nights that are new, or promote with a reason"
        return Verdict(
            gate="fresh_holdout",
            outcome="passed" if fresh else "refused",
            sentence=(
                f"a gate night has judged {before} other challengers, "
                f"at most {self.max_challengers} allowed{advice}"
            ),
            numbers={"judged_before": before},
            limits={"judged_before": self.max_challengers},
        )
