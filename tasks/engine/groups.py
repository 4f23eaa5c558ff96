"""Which rows of a night train a judged model and which judge it, where a project has groups.

Without groups all rows do both, on nights of their own (`tasks.core.plan`). Which groups are held
out is `tasks.core.held_out`. What is served is fitted on all rows.
"""

from collections.abc import Sequence

import pandas as pd

from schemas.contract import name_of
from schemas.model import Fit
from schemas.project import Project
from tasks.core.held_out import is_held_out
from tasks.engine.frames import load_frame
from tasks.engine.rows import load_columns
from tasks.engine.usable import UsableNight, labelled_rows, training_frame
from tasks.store import Store


def rows_to_learn(store: Store, project: Project, night: UsableNight) -> pd.DataFrame:
    """The night's labelled rows without those of held-out groups."""
    return _rows(store, project, night, held_out=False)


def rows_to_judge(store: Store, project: Project, night: UsableNight) -> pd.DataFrame:
    """The night's labelled rows of held-out groups alone; without groups all of them."""
    return _rows(store, project, night, held_out=True)


def rows_known_to_both(
    store: Store, project: Project, nights: Sequence[UsableNight]
) -> pd.DataFrame:
    """Rows by which a refit is held against the judged model: of groups that both of them know.

    All rows where these nights have no others.
    """
    frame = training_frame(store, project, nights)
    if project.groups is None:
        return frame
    known = ~is_held_out(frame[project.groups], project.name)
    return frame[known].reset_index(drop=True) if known.any() else frame


def can_judge(store: Store, project: Project, night: UsableNight) -> bool:
    """Whether the night has rows to judge by. Only the columns that tell are read."""
    if project.groups is None:
        return True
    key = name_of(project.contract, "key")
    names = list(dict.fromkeys([key, project.groups]))
    rows = load_columns(store, project, night.batch, names)
    there = rows.loc[is_held_out(rows[project.groups], project.name), key]
    return bool(there.isin(load_frame(store, night.labels.rows, [key])[key]).any())


def knows_as_much(project: Project, stand_in: Sequence[Fit]) -> bool:
    """Whether the stand-in was fitted without the groups that the project holds out today."""
    return all(fit.without_groups == project.groups for fit in stand_in)


def _rows(store: Store, project: Project, night: UsableNight, *, held_out: bool) -> pd.DataFrame:
    frame = labelled_rows(store, project, night)
    if project.groups is None:
        return frame
    chosen = is_held_out(frame[project.groups], project.name) == held_out
    return frame if chosen.all() else frame[chosen].reset_index(drop=True)
