"""Promotions on probation: the line of champions since, against the one before them.

The rule that judges these numbers is `tasks.core.probation`.
"""

from schemas.period import AsOf
from schemas.record import Value

ACTOR = "probation"
"""Who a roll-back is from that no person decided."""


class ProbationNight(Value):
    """Loss sums over the labelled rows of a matured night: as served, and by the shadow.

    Neither model was trained on it.
    """

    as_of: AsOf
    rows: int
    served: float
    shadow: float
    id: str = ""
    """Of the batch and the labels that it is about."""


class Probation(Value):
    """What was served since the oldest promotion on probation, and by whom it is shadowed.

    The `shadow` is the champion that this promotion replaced. One that cannot score, for the reason
    in `no_shadow`, judges nothing.
    """

    since: AsOf
    """The newest night when the oldest promotion on probation was made: later ones are judged."""
    promotions: int
    shadow: str
    nights: tuple[ProbationNight, ...] = ()
    no_shadow: str | None = None
