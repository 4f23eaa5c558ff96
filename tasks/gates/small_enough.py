"""A model must fit where it is served."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate


class SmallEnough(Gate):
    """Refuses a model whose files, feature state included, are larger than `bytes`."""

    judges_scores: ClassVar[bool] = False

    bytes: int = Field(ge=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused, whatever the retrain; silent where the size is not recorded."""
        size = contest.challenger_bytes
        if size is None:
            return None
        return Verdict(
            gate="small_enough",
            outcome="passed" if size <= self.bytes else "refused",
            sentence=f"{size:,} bytes, at most {self.bytes:,} allowed",
            numbers={"bytes": size},
            limits={"bytes": self.bytes},
        )
