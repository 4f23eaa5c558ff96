"""One stored row as its source delivered it, and after each cleaning step: the files read again.

Files are not kept, so this is possible only while they are the very ones that the batch was read
from, and only where the night is held as a whole.
"""

from dataclasses import dataclass

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.errors import DriftloopError
from schemas.project import Project
from tasks.core.cleaning import digest_of_step, steps_of
from tasks.engine.keeping.erased import as_keys, key_texts


@dataclass(frozen=True)
class Delivered:
    """The row at each stage, as delivered first; or why it cannot be shown."""

    stages: tuple[tuple[str, "pd.Series"], ...] = ()
    gap: str = ""


def delivered_row(project: Project, batch: Batch, key: str) -> Delivered:
    """The row of this key on its way through cleaning."""
    steps = list(steps_of(project.cleaning, batch.as_of))
    if [digest_of_step(step) for step in steps] != [step.digest for step in batch.cleaning]:
        return Delivered(gap="the cleaning was edited since the night was read")
    if batch.readmission is not None:
        return Delivered(gap="the batch was made of stored rows, not of files")
    try:
        if project.source.fingerprint(batch.as_of) != batch.files:
            return Delivered(gap="the files that the night was read from are not there any more")
        with project.source.open_large(batch.as_of) as large:
            if large is not None:
                return Delivered(gap="the night is too large to be read again for one row")
        raw = project.source.read(batch.as_of)
    except DriftloopError as error:
        return Delivered(gap=f"its source cannot be read now: {error}")
    if raw is None:
        return Delivered(gap="its source has nothing for the night any more")
    frames = [("delivered", raw.frame.reset_index(drop=True))]
    for step in steps:
        frames.append((step.told(), step.clean(frames[-1][1])))
    return _follow(project, frames, key)


def _follow(project: Project, frames: list[tuple[str, pd.DataFrame]], key: str) -> Delivered:
    """The last row of the key, which is the one that a repeated key keeps."""
    name, last = name_of(project.contract, "key"), frames[-1][1]
    if name not in last:
        return Delivered(gap="the files do not hold its key as a column")
    texts = key_texts(as_keys(last[name], project.contract))
    places = [index for index, text in zip(last.index, texts, strict=True) if text == key]
    if len(places) != 1:
        return Delivered(gap=f"its key stands {len(places)} times in the files")
    return Delivered(tuple((at, frame.loc[places[0]]) for at, frame in frames))
