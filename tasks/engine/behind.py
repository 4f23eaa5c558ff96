"""Which columns of the contract stand behind each feature, as far as steps say what they read.

It decides what may be shown: a feature of a sensitive column is as sensitive as the column.
"""

import re
from collections.abc import Collection, Iterator

import pandas as pd

from schemas.contract import sensitive_names
from schemas.project import Project, State


def columns_behind(
    project: Project, states: Collection[State], row: pd.DataFrame
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each feature, in order, with its columns; () where its step does not say what it reads."""
    for step, state in zip(project.features, states, strict=True):
        reads = step.reads()
        for name in step.transform(row, state).names:
            yield name, tuple(sorted(_named(name, reads)))


def _named(feature: str, reads: Collection[str]) -> Collection[str]:
    """Columns that the feature is called after; all that its step reads where it is after none."""
    if feature in reads:
        return {feature}
    told = {x for x in reads if re.search(rf"(?:^|_){re.escape(x)}(?:_|$)", feature)}
    return told or reads


def is_hidden(project: Project, columns: Collection[str]) -> bool:
    """Whether a feature of these columns stays out: one is sensitive, or nobody knows them."""
    sensitive = sensitive_names(project.contract)
    if not columns:
        return bool(sensitive)
    return not sensitive.isdisjoint({*columns, *_looked_back(project, columns)})


def _looked_back(project: Project, columns: Collection[str]) -> Iterator[str]:
    """What columns made of earlier nights are made of."""
    for one in project.past:
        if one.name in columns:
            yield from (*one.by, *([one.of] if one.of else ()))
