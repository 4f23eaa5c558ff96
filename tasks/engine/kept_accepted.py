"""An accepted night whose next reading is refused over joined tables alone: its rows stand.

A team's table of prices is joined to every night. When it breaks, nights that were sound yesterday
are no worse for it. Reading a night is `tasks.engine.ingest`.
"""

from schemas.batch import Batch, RefusedReading, SourceFile
from schemas.errors import DataUnreadable
from schemas.project import Project


def keep_accepted(
    project: Project,
    before: tuple[str, Batch] | None,
    files: tuple[SourceFile, ...],
    refusal: str,
) -> Batch | None:
    """The accepted batch before, with what was refused since; None when the refusal counts.

    It counts where the rows' own files or the rules are others than those of that batch.
    """
    if before is None or before[1].status != "accepted" or not is_under_rules(project, before[1]):
        return None
    try:
        own = project.source.own_files(before[1].as_of)
    except DataUnreadable:
        return None
    if not own or not set(own) <= set(before[1].files):
        return None
    refused = RefusedReading(files=files, sentence=refusal)
    return before[1].model_copy(update={"refused_since": refused})


def is_under_rules(project: Project, batch: Batch) -> bool:
    """Whether the batch was proved as it would be now. Early records do not name their zone."""
    same_nights = batch.timezone in ("", project.timezone)
    return batch.contract == project.contract_digest and same_nights


def is_as_read(project: Project, batch: Batch, files: tuple[SourceFile, ...]) -> bool:
    """Whether reading the night again would give this batch: same files under the same rules."""
    return batch.last_read == files and is_under_rules(project, batch)


def is_told(newest: Batch, batch: Batch) -> bool:
    """Whether the newest revision says all that this one would."""
    return (newest.id, newest.refused_since) == (batch.id, batch.refused_since)
