"""What a project's gates say of challengers whose verdict is known beforehand.

It is part of a judgement's record. The challengers are made by `tasks.core.impostors`, judged by
`tasks.engine.self_test`.
"""

from typing import Literal

from schemas.record import Value

Who = Literal["itself", "noise", "shuffled", "oracle"]
Concluded = Literal["passed", "refused", "undecided"]
Finding = Literal["right", "wrong", "cannot say"]


class Trial(Value):
    """One of them: the champion itself, with noise, of shuffled labels, or nearly the labels."""

    who: Who
    outcome: Concluded
    """What the gates that judge by scores say together."""
    finding: Finding
    gates: tuple[str, ...]
    """The gates that said so."""
    sentence: str


class SelfTest(Value):
    """All trials on the gate nights of one change."""

    trials: tuple[Trial, ...]

    @property
    def wrong(self) -> tuple[Trial, ...]:
        """The trials by which the gates are not to be trusted."""
        return tuple(trial for trial in self.trials if trial.finding == "wrong")
