"""Bike rides in Washington: 731 nights of strong growth."""

from schemas.datasets.bikes import Bikes
from schemas.policy import Policy
from schemas.project import Project
from tasks.families.xgboost import XGBoost
from tasks.features.calendar import Calendar
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

WASHINGTON = "America/New_York"

PROJECT = Project(
    name="bikes",
    about="How many bikes will be rented in this hour?",
    timezone=WASHINGTON,
    contract=Bikes,
    task="regression",
    source=Files(
        file="bike_hour.parquet",
        time="event_time",
        zone=WASHINGTON,
        key=("event_time",),
        target="cnt",
        afterwards=("casual", "registered"),  # they sum to the target
    ),
    label_delay=1,
    features=(
        Numbers(
            columns=("holiday", "workingday", "weathersit", "temp", "atemp", "hum", "windspeed")
        ),
        Calendar(zone=WASHINGTON),
    ),
    family=XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2),
    gates=(NotWorse(), Better(), BeatsPrior()),
    # rides grow: the newest quarter tells more, see docs/decisions.md
    policy=Policy(windows=(28, 91, 365), agreement_limit=1.5),
)
