"""A person's approval: what every other gate lets pass waits for somebody to say yes.

Who approved, and that what was approved is judged again, is `tasks.engine.approval`.
"""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Kind, Verdict
from schemas.project import Gate


class Approval(Gate):
    """Lets a challenger wait until a person approves it with a reason; silent on other kinds."""

    judges_scores: ClassVar[bool] = False

    on: tuple[Kind, ...] = Field(default=("change",), min_length=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed once somebody has approved this challenger, until then waiting."""
        if contest.kind not in self.on:
            return None
        if contest.approved:
            return Verdict(
                gate="approval", outcome="passed", sentence=f"approved by {contest.approved}"
            )
        return Verdict(
            gate="approval", outcome="waiting", sentence="a person has to approve it first"
        )
