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


class Probation(Value):
    """What was served since the oldest promotion on probation, and by whom it is shadowed.

    The `shadow` is the champion that this promotion replaced. One that cannot score, for the reason
    in `no_shadow`, judges nothing.
    """

    since: AsOf
    """The newest night when the oldest promotion on probation was made: later ones are judged."""
    promotions: int
    shadow: str
    shadow_last_night: AsOf | None = None
    """The newest night that the shadow was trained on; what is judged knows later ones."""
    nights: tuple[ProbationNight, ...] = ()
    no_shadow: str | None = None
