"""How often gate nights have judged before, pure over past contests.

A recipe that was tried again and again on the same nights is chosen by their luck. The limit is
`tasks.gates.fresh_holdout`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from schemas.judgement import Kind


def judged_before(
    kind: Kind,
    challenger: str,
    gate: Collection[date],
    past: Iterable[tuple[str, Collection[date]]],
) -> int | None:
    """Other challengers that the most used of the gate nights has judged.

    `past` has the challenger and the gate nights of each attempt before. None for a refresh: its
    nights judge gate_nights / refresh_every of them, by schedule.

    >>> first, second = date(2026, 1, 1), date(2026, 1, 2)
    >>> past = [("a", [first]), ("b", [first, second]), ("c", [first])]
    >>> judged_before("change", "c", [first, second], past)
    2
    """
    if kind == "refresh":
        return None
    used: dict[date, set[str]] = defaultdict(set)
    for other, nights in past:
        for night in {*gate} & {*nights}:
            used[night].add(other)
    return max((len(others - {challenger}) for others in used.values()), default=0)
