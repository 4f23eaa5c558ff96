"""A team's project: will this sale be returned?"""

from pathlib import Path

from schemas.policy import Policy
from schemas.project import Project
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

from .sales_contract import Sales
from .sales_family import Held

FOLDER = Path(__file__).parent

SOURCE = Files(
    file="rows/{as_of}.csv",
    labels="labels/{as_of}.csv",
    time="sold_at",
    key=("sale",),
    target="returned",
)

PROJECT = Project(
    name="sales",
    about="Will this sale be returned?",
    timezone="UTC",
    contract=Sales,
    task="binary",
    source=SOURCE,
    features=(Numbers(columns=("price",)),),
    family=Held(n_rounds=5, max_depth=2, folder=FOLDER),
    gates=(NotWorse(), BeatsPrior()),
    policy=Policy(min_nights=14, min_rows=200),
)
