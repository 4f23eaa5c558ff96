"""A batch's rows as today's project declares them, also where they came under an older contract."""

import pandas as pd

from schemas.batch import Batch
from schemas.cleaning import CleaningStep
from schemas.contract import columns_of
from schemas.project import Project
from schemas.record import digest_of
from tasks.core.cleaning import clean_rows, digest_of_step, steps_of
from tasks.core.reading import read_column
from tasks.engine.frames import load_frame
from tasks.store import Store


def load_rows(store: Store, project: Project, batch: Batch) -> pd.DataFrame:
    """The accepted batch's rows; declared cleaning that it has not been through is made up for.

    That is how a renamed column, or one that older nights lack, joins two contracts.
    """
    if batch.rows is None:
        raise ValueError(f"{batch.as_of}: an accepted batch has rows")
    frame = load_frame(store, batch.rows)
    steps = missing_steps(project, batch)
    return _through(frame, steps, project, batch) if steps else frame


def load_columns(store: Store, project: Project, batch: Batch, names: list[str]) -> pd.DataFrame:
    """Some columns of the same rows, alone where nothing has to be made up for."""
    if batch.rows is None or missing_steps(project, batch):
        return load_rows(store, project, batch)[names]
    return load_frame(store, batch.rows, names)


def columns_of_rows(project: Project, batch: Batch) -> set[tuple[str, bool]]:
    """The columns that `load_rows` gives, and whether each holds words."""
    steps = missing_steps(project, batch)
    stored = {column.column: column.dtype == "str" for column in batch.profile}
    if not steps:
        return set(stored.items())
    no_rows = pd.DataFrame(
        {name: pd.Series(dtype="str" if is_word else float) for name, is_word in stored.items()}
    )
    made = _through(no_rows, steps, project, batch)
    return {(str(name), str(made[name].dtype) == "str") for name in made.columns}


def missing_steps(project: Project, batch: Batch) -> tuple[CleaningStep, ...]:
    """The steps of today's project for that night which the batch has not been through.

    No step where it went through one that the project has no more: order and effect are not known.
    """
    done = {step.digest for step in batch.cleaning}
    steps = list(steps_of(project.cleaning, batch.as_of))
    if done - {digest_of_step(step) for step in steps}:
        return ()
    return tuple(step for step in steps if digest_of_step(step) not in done)


def was_cleaned_otherwise(project: Project, batch: Batch) -> bool:
    """Whether it went through a step that was changed since: a unit would be converted twice.

    Such a night is out of training until it is run again. A step that is no more is no reason.
    """
    done = {step.digest for step in batch.cleaning}
    today = {digest_of_step(step) for step in steps_of(project.cleaning, batch.as_of)}
    return bool(done - today) and bool(today - done)


def name_of_rows(project: Project, batch: Batch) -> str:
    """What tells these rows from others, for a memory of frames."""
    ref = batch.rows.key if batch.rows else ""
    steps = [digest_of_step(step) for step in missing_steps(project, batch)]
    return f"{ref} {digest_of(steps)}" if steps else ref


def _through(
    frame: pd.DataFrame, steps: tuple[CleaningStep, ...], project: Project, batch: Batch
) -> pd.DataFrame:
    cleaned = clean_rows(frame, steps, batch.as_of).frame
    declared = columns_of(project.contract)
    typed = {
        name: read_column(cleaned[name], declared[name]) for name in declared if name in cleaned
    }
    return cleaned.assign(**typed)
