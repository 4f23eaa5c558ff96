"""Electricity in New South Wales: 944 nights of the standard stream with real drift."""

from schemas.datasets.electricity import Electricity
from schemas.policy import Policy
from schemas.project import Project
from tasks.families.xgboost import XGBoost
from tasks.features.calendar import Calendar
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

# Market time knows no daylight saving: every date of the file has its 48 half-hours, also those on
# which Sydney's clocks change. Queensland keeps that time all year, so it names the zone.
MARKET_TIME = "Australia/Brisbane"

PROJECT = Project(
    name="electricity",
    about="Will the price be above its mean of the last 24 hours?",
    timezone=MARKET_TIME,
    contract=Electricity,
    task="binary",
    source=Files(
        file="elec2.parquet",
        time="event_time",
        zone=MARKET_TIME,
        key=("event_time",),
        target="class",
    ),
    label_delay=1,
    features=(
        Numbers(columns=("nswprice", "nswdemand", "vicprice", "vicdemand", "transfer")),
        Calendar(zone=MARKET_TIME),
    ),
    family=XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2),
    gates=(NotWorse(), Better(), BeatsPrior(), MetricFloor(metric="auc", minimum=0.6)),
    # prices drift: the newest quarter tells more, see docs/decisions.md
    policy=Policy(windows=(28, 91, 365), agreement_limit=1.5),
)
