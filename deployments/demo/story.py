"""What happens in the demo and when: its nights, its simulated events, its edited recipe.

Carrying it out is `deployments.demo.run`.
"""

from datetime import date

from deployments.simulation import BrokenNight, ChangedWorld, Event, UnitFault
from tasks.sources.simulated import Simulated

PROJECT = "flights"
ACTOR = "demo"

HISTORY = (date(2013, 1, 1), date(2013, 6, 7))
LIVE = (date(2013, 6, 8), date(2013, 7, 5))

SEARCHED = date(2013, 2, 12)
"""As of this night families and parameters are compared: on six weeks, since it takes seconds."""
TRIALS = 8

CHANGED_WORLD = ChangedWorld(first=date(2013, 6, 17))
BROKEN = BrokenNight(first=date(2013, 6, 26), last=date(2013, 6, 26))
FAULT = UnitFault(first=date(2013, 6, 30), last=date(2013, 6, 30))
EVENTS: tuple[Event, ...] = (CHANGED_WORLD, BROKEN, FAULT)

REISSUED_ON = date(2013, 6, 27)
"""Before this night the broken one is delivered again, corrected."""

EDITED = (date(2013, 7, 3), date(2013, 7, 3))
"""On these nights the recipe in the project file is another one: stumps instead of trees."""

EDIT_ANNOUNCED = Simulated(
    first=EDITED[0],
    last=EDITED[1],
    kind="edited",
    sentence=f"Simulated: on {EDITED[0]}, the recipe in the project file is edited to stumps.",
)

EDIT = '''"""The flights project with a recipe that a colleague proposes: shallow trees."""

from flows.projects.flights import PROJECT as SHIPPED
from tasks.families.xgboost import XGBoost

PROJECT = SHIPPED.model_copy(update={"family": XGBoost(n_rounds=60, max_depth=1)})
'''
