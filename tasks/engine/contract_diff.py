"""Today's contract beside the one that a model was made under. Comparing is `tasks.core`."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.contract import describe_whole
from schemas.errors import NotYet
from schemas.model import Card
from schemas.project import Project
from tasks.core.cleaning import clean_rows
from tasks.core.contract_diff import Change, compare_contracts
from tasks.engine.records import newest_by_night
from tasks.engine.rows import was_cleaned_otherwise
from tasks.store import Store, keys
from tasks.store.ledger import read_standing


def diff_with_model(
    store: Store, project: Project, version: str | None
) -> tuple[str, tuple[Change, ...]]:
    """The version compared with, by default the champion, and what differs since.

    Raises:
        NotYet: there is no champion, or its contract was not stored.
        Missing: there is no such version.
    """
    version = version or read_standing(store, project.name).champion
    if version is None:
        raise NotYet(f"{project.name}: there is no champion to compare with; name a --version")
    card = store.record(keys.card(project.name, version), Card)
    if card.described is None:
        raise NotYet(
            f"{project.name} {version}: published by a driftloop that did not store contracts; "
            f"the next champion has its own: driftloop retrain {project.name}"
        )
    before = json.loads(store.read_bytes(card.described))
    made_up = _made_up(project, before)
    changes = compare_contracts(before, describe_whole(project.contract), made_up)
    return version, (*_left_out(store, project), *changes)


def _left_out(store: Store, project: Project) -> Iterator[Change]:
    """Nights that a changed cleaning step keeps out of training."""
    if told := cleaned_otherwise(store, project):
        yield Change("(cleaning)", "breaking", told)


def cleaned_otherwise(store: Store, project: Project) -> str | None:
    """How many nights a changed cleaning step keeps out of training, and how they come back."""
    batches = (batch for _, batch in newest_by_night(store, Batch, project.name).values())
    nights = [one.as_of for one in batches if was_cleaned_otherwise(project, one)]
    if not nights:
        return None
    many = "nights" if len(nights) > 1 else "night"
    return (
        f"{len(nights)} {many} went through a step that was changed since and train no more; "
        f"driftloop night {project.name} --from {nights[0]} --to {nights[-1]}"
    )


def _made_up(project: Project, before: list[dict[str, Any]]) -> set[str]:
    """Columns that today's cleaning makes of the ones before, or converts in nights before some."""
    no_rows = pd.DataFrame({str(column["name"]): pd.Series(dtype=object) for column in before})
    made = clean_rows(no_rows, project.cleaning, date.min).frame
    dated = [step for step in project.cleaning if step.before]
    converted = [step.touched(frozenset(made.columns)) for step in dated]
    return (set(made.columns) - set(no_rows.columns)).union(*converted)
