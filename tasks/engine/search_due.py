"""Whether a project's searches are due: a look at records, no row is read.

The rule is `tasks.core.searching`; searches themselves are `.ladder` and `.tuning`.
"""

from datetime import date

from schemas.project import Project
from schemas.search import Search
from tasks.core.rolling import nights_for
from tasks.core.searching import Look, look_for
from tasks.engine.cards import card_of
from tasks.engine.ladder import LEAST_CUTS as LADDER_CUTS
from tasks.engine.searches import KINDS, Kind, newest_search
from tasks.engine.tuning import LEAST_CUTS as TUNING_CUTS
from tasks.store import Store
from tasks.store.champion import find_serving

_CUTS: dict[Kind, int] = {"ladder": LADDER_CUTS, "tuned": TUNING_CUTS}


def look_at_searches(store: Store, project: Project, now: date) -> dict[Kind, Look]:
    """Of each kind of search whether it is due as of `now`, measured by what the champion knows."""
    champion = find_serving(store, project.name).champion
    if champion is None:
        return dict.fromkeys(KINDS, Look(False, "waits for the first champion"))
    nights, rows = card_of(store, project.name, champion).most
    looks = {}
    for kind in KINDS:
        made = newest_search(store, project.name, kind)
        needed = nights_for(_CUTS[kind], project.label_delay)
        looks[kind] = look_for(_of_this(project, made), now, rows, nights, needed)
    if not project.family.inner.space:
        looks["tuned"] = Look(False, f"{project.family.inner.kind} has none that could be varied")
    return looks


def _of_this(project: Project, made: Search | None) -> Search | None:
    """The search, unless it was of another family's parameters."""
    is_other = made and made.tuned and made.tuned.family["kind"] != project.family.inner.kind
    return None if is_other else made
