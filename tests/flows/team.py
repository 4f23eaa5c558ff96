"""A team's folder of project files, built by name."""

from pathlib import Path

PROJECT = """\
from schemas.datasets.bikes import Bikes
from schemas.project import Project
from tasks.families.xgboost import XGBoost
from tasks.features.numbers import Numbers
from tasks.gates.not_worse import NotWorse
from tasks.sources.files import Files

PROJECT = Project(
    name="NAME",
    about="ABOUT",
    timezone="UTC",
    contract=Bikes,
    task="regression",
    source=Files(
        file="sales.parquet", time="event_time", zone="UTC", key=("event_time",), target="cnt"
    ),
    features=(Numbers(columns=("temp",)),),
    family=XGBoost(),
    gates=(NotWorse(),),
)
"""


def write_project(
    folder: Path, name: str, *, file: str | None = None, about: str = "How many?", before: str = ""
) -> Path:
    """A sound project file; `before` is code that runs first in it."""
    path = folder / f"{file or name}.py"
    path.write_text(before + PROJECT.replace("NAME", name).replace("ABOUT", about))
    return path
