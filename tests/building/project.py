"""The project of the tests: will this order be returned?"""

from typing import Any

from schemas.past import PastNights
from schemas.policy import Policy
from schemas.project import Gate, Project
from tasks.cleaning.convert_unit import ConvertUnit
from tasks.cleaning.drop_outside import DropOutside
from tasks.cleaning.fill_default import FillDefault
from tasks.cleaning.normalise_words import NormaliseWords
from tasks.cleaning.null_sentinels import NullSentinels
from tasks.cleaning.rename import Rename
from tasks.destinations.to_file import ToFile
from tasks.destinations.to_table import ToTable
from tasks.families.linear import Linear
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost
from tasks.features.bins import Bins
from tasks.features.categories import Categories
from tasks.features.impute import Impute
from tasks.features.numbers import Numbers
from tasks.features.target_means import TargetMeans
from tasks.gates.approval import Approval
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.beats_simplest import BeatsSimplest
from tasks.gates.better import Better
from tasks.gates.better_or_simpler import BetterOrSimpler
from tasks.gates.calibrated import Calibrated
from tasks.gates.fresh_holdout import FreshHoldout
from tasks.gates.metric_better import MetricBetter
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.metric_not_worse import MetricNotWorse
from tasks.gates.no_open_faults import NoOpenFaults
from tasks.gates.not_memorised import NotMemorised
from tasks.gates.not_worse import NotWorse
from tasks.gates.sane_scores import SaneScores
from tasks.gates.slices_unharmed import SlicesUnharmed
from tasks.gates.small_enough import SmallEnough
from tasks.gates.steady_predictions import SteadyPredictions
from tasks.sources.files import Files
from tasks.sources.joined import Join, Joined
from tasks.sources.service_log import ServiceLog
from tasks.sources.side_files import SideFile
from tests.building.contract import Orders
from tests.building.misbehaving import Misbehaving
from tests.building.rows import day
from tests.building.source import Ahead, Landing

__all__ = [
    "NUMBERS",
    "Ahead",
    "Approval",
    "BeatsPrior",
    "BeatsSimplest",
    "Better",
    "BetterOrSimpler",
    "Bins",
    "Calibrated",
    "Categories",
    "ConvertUnit",
    "DropOutside",
    "Files",
    "FillDefault",
    "FreshHoldout",
    "Impute",
    "Join",
    "Joined",
    "Landing",
    "Linear",
    "MetricBetter",
    "MetricFloor",
    "MetricNotWorse",
    "Misbehaving",
    "NoOpenFaults",
    "NormaliseWords",
    "NotMemorised",
    "NotWorse",
    "NullSentinels",
    "Numbers",
    "PastNights",
    "Platt",
    "Prior",
    "Rename",
    "SaneScores",
    "ServiceLog",
    "SideFile",
    "SlicesUnharmed",
    "SmallEnough",
    "SteadyPredictions",
    "TargetMeans",
    "ToFile",
    "ToTable",
    "Tree",
    "XGBoost",
    "build_project",
    "day",
    "usual_gates",
]
"""What project files of tests import beside the contracts."""

NAME = "shop"
NUMBERS = ("amount", "hour", "wait", "income")


def usual_gates() -> tuple[Gate, ...]:
    """One gate for each kind of retrain."""
    return (NotWorse(), Better(), BeatsPrior())


def build_project(rounds: int = 5, policy: dict[str, Any] | None = None, **fields: Any) -> Project:
    """The project with another recipe, policy numbers, or any other field."""
    usual: dict[str, Any] = {
        "name": NAME,
        "about": "Will this order be returned?",
        "timezone": "UTC",
        "contract": Orders,
        "task": "binary",
        "source": Landing(),
        "features": (Numbers(columns=NUMBERS), Categories(columns=("shop",))),
        "family": XGBoost(n_rounds=rounds, max_depth=3),
        "gates": usual_gates(),
        "policy": Policy(**{"min_nights": 14, "min_rows": 500, **(policy or {})}),
    }
    return Project(**{**usual, **fields})
