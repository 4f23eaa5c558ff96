"""One feature step of every shipped kind, over columns of one's own."""

from schemas.contract import columns_of, is_category, name_of, names_of
from schemas.project import FeatureStep, Project
from tasks.features.bins import Bins
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.differences import Differences
from tasks.features.fill_from_group import FillFromGroup
from tasks.features.frequencies import Frequencies
from tasks.features.holidays import Holidays
from tasks.features.impute import Impute
from tasks.features.numbers import Numbers
from tasks.features.ratios import Ratios
from tasks.features.target_means import TargetMeans

ZONE = "America/New_York"


def build_every_step(
    numbers: tuple[str, ...], words: tuple[str, ...], target: str, zone: str = ZONE
) -> tuple[FeatureStep, ...]:
    """Steps in order of their names; no feature is made twice."""
    pairs = ((numbers[0], numbers[1]), (numbers[1], numbers[0]))
    return (
        Bins(columns=numbers),
        Calendar(zone=zone),
        Categories(columns=words, min_rows=3),
        Differences(pairs=pairs),
        FillFromGroup(columns=numbers[:1], by=words[:2], min_rows=2),
        Frequencies(columns=words),
        Holidays(zone=zone, country="US", subdivision="NY"),
        Impute(columns=numbers[1:2]),
        Numbers(columns=numbers[2:]),
        Ratios(pairs=pairs),
        TargetMeans(columns=words, target=target, zone=zone, folds=2),
    )


def every_step_of(project: Project) -> tuple[FeatureStep, ...]:
    """Over the columns of a project, whose key is a word where it has no other."""
    columns = columns_of(project.contract)
    features = names_of(project.contract, "feature")
    numbers = tuple(name for name in features if not is_category(columns[name]))
    words = tuple(name for name in features if is_category(columns[name]))
    return build_every_step(
        numbers, words or (name_of(project.contract, "key"),), numbers[-1], project.timezone
    )
