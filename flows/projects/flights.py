"""Flights out of New York in 2013, about 920 a night: the project of the demo."""

from schemas.datasets.flights import Flights
from schemas.policy import Policy
from schemas.project import Project
from tasks.families.xgboost import XGBoost
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.fill_from_group import FillFromGroup
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.not_worse import NotWorse
from tasks.sources.flights import WEATHER, ZONE, flights_landing

PROJECT = Project(
    name="flights",
    about="Will this flight arrive more than 15 minutes late, or not at all?",
    timezone=ZONE,
    contract=Flights,
    task="binary",
    source=flights_landing(),
    slices=("origin",),
    label_delay=1,
    features=(
        Categories(columns=("carrier", "origin", "dest")),
        Numbers(columns=("sched_dep_time", "sched_arr_time", "distance", *WEATHER)),
        # no tail number means a cancelled flight: what hangs on it must not show that it is missing
        FillFromGroup(columns=("year_built", "seats", "engines"), by=("carrier", "dest")),
        Calendar(zone=ZONE, parts=("weekday",)),
    ),
    family=XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2),
    gates=(NotWorse(), Better(), BeatsPrior(), MetricFloor(metric="auc", minimum=0.6)),
    policy=Policy(refresh_every=7, gate_nights=7),
)
