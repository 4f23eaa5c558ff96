"""Traffic into Minneapolis: 1,860 nights over six years, with the defects that such a feed has."""

from schemas.datasets.metro import Metro
from schemas.project import Project
from tasks.cleaning.keep_one import KeepOne
from tasks.cleaning.normalise_words import NormaliseWords
from tasks.cleaning.null_sentinels import NullSentinels
from tasks.families.xgboost import XGBoost
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

MINNEAPOLIS = "America/Chicago"

PROJECT = Project(
    name="metro",
    about="How many vehicles will pass in this hour?",
    timezone=MINNEAPOLIS,
    contract=Metro,
    task="regression",
    source=Files(
        file="metro_traffic.parquet",
        time="event_time",
        zone=MINNEAPOLIS,
        key=("event_time",),
        target="traffic_volume",
    ),
    slices=("weather_main",),
    label_delay=1,
    cleaning=(
        NullSentinels(columns=("temp",), values=(0,)),  # 0 K is a thermometer that says nothing
        NormaliseWords(columns=("weather_description",), case="lower"),  # "Sky is Clear"
        KeepOne(by=("row_key",), keep="first"),  # an hour comes again for each word on its weather
    ),
    features=(
        Numbers(columns=("temp", "rain_1h", "snow_1h", "clouds_all")),
        Categories(columns=("weather_main", "weather_description")),
        Calendar(zone=MINNEAPOLIS),
    ),
    family=XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2),
    gates=(NotWorse(), Better(), BeatsPrior()),
)
