"""Fine particles at twelve stations in Beijing: 1,461 nights of 288 rows with many gaps."""

from schemas.datasets.beijing import Beijing
from schemas.project import Project
from tasks.families.xgboost import XGBoost
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

BEIJING = "Asia/Shanghai"
GASES = ("PM10", "SO2", "NO2", "CO", "O3")
WEATHER = ("TEMP", "PRES", "DEWP", "RAIN", "WSPM")

PROJECT = Project(
    name="beijing",
    about="How many fine particles does the air at this station hold?",
    timezone=BEIJING,
    contract=Beijing,
    task="regression",
    source=Files(
        file="beijing_air.parquet",
        time="event_time",
        zone=BEIJING,
        key=("station", "event_time"),
        target="pm25",
    ),
    slices=("station",),
    label_delay=1,
    features=(
        Numbers(columns=(*GASES, *WEATHER)),
        Categories(columns=("station", "wd")),
        Calendar(zone=BEIJING),
    ),
    family=XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2),
    gates=(NotWorse(), Better(), BeatsPrior()),
)
