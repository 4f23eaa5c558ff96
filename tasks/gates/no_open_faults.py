"""No model goes into service while the newest data is in doubt."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate

_TOLD = 3


class NoOpenFaults(Gate):
    """Holds a retrain back while nights since the first gate night have an open data fault.

    Such nights neither train nor judge anyway, but the feed that the model would serve is in
    doubt. It waits until they are delivered again, accepted or marked bad.
    """

    judges_scores: ClassVar[bool] = False

    max_nights: int = Field(default=0, ge=0, description="open faults that are put up with")

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or undecided, whatever the retrain; silent where faults are not recorded."""
        faults = contest.open_faults
        if faults is None:
            return None
        clear = len(faults) <= self.max_nights
        names = ", ".join(map(str, faults[:_TOLD])) + (" and others" if faults[_TOLD:] else "")
        plural = "night has" if len(faults) == 1 else "nights have"
        told = f"{len(faults)} {plural} an open data fault since the first gate night"
        return Verdict(
            gate="no_open_faults",
            outcome="passed" if clear else "undecided",
            sentence=told if clear else f"{told}: {names}; deliver them again, or accept them",
            numbers={"open_faults": len(faults)},
            limits={"open_faults": self.max_nights},
        )
