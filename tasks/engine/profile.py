"""A page that shows a night's rows column by column, made when somebody asks for it.

Evidently draws it (`tasks.report`), which costs more than a night may, so that none makes it.
"""

from datetime import date

import pandas as pd

from schemas.batch import Batch
from schemas.contract import sensitive_names
from schemas.errors import Expired, NotYet
from schemas.model import Card
from schemas.profile import Profile
from schemas.project import Project
from tasks.engine.frames import load_frame
from tasks.engine.records import newest, next_revision
from tasks.engine.reference import watched_columns
from tasks.engine.rows import load_rows
from tasks.engine.standing import night_of
from tasks.report import report_profile
from tasks.store import Store, keys


def make_profile(store: Store, project: Project, as_of: date) -> Profile:
    """The night's feature columns beside the reference sample of the champion that watched it.

    Without a champion then, the night is shown alone. What was made already is used again.

    Raises:
        NotYet: the night has no sound batch.
    """
    batch, champion = _find(store, project, as_of)
    sample = _sample(store, project, champion) if champion else None
    version = None if sample is None else champion
    found = newest(store, Profile, project.name, as_of)
    if found and _is_of(store, found[1], (batch.id, version, project.contract_digest)):
        return found[1]
    frame, revision = load_rows(store, project, batch), next_revision(found[0] if found else None)
    profile = Profile(
        project=project.name,
        as_of=as_of,
        revision=revision,
        batch=batch.id,
        version=version,
        contract=project.contract_digest,
        page=store.add_bytes(project.name, _draw(project, frame, sample), "html.gz"),
    )
    store.commit(keys.profile(project.name, as_of, revision), profile)
    return profile


def _draw(project: Project, frame: pd.DataFrame, sample: pd.DataFrame | None) -> bytes:
    hidden = sensitive_names(project.contract)
    kinds = {
        name: kind
        for name, kind in watched_columns(project).items()
        if name not in hidden and name in frame and (sample is None or name in sample)
    }
    return report_profile(kinds, sample, frame)


def _find(store: Store, project: Project, as_of: date) -> tuple[Batch, str | None]:
    found = night_of(store, project.name, as_of)
    batch = store.record(found[1].batch, Batch) if found and found[1].batch else None
    if found is None or batch is None or batch.rows is None:
        raise NotYet(
            f"{project.name} {as_of}: no profile; it needs a night that was run, with a sound "
            f"batch; driftloop nights {project.name} lists them"
        )
    return batch, found[1].evidence.champion


def _is_of(store: Store, profile: Profile, asked: tuple[str, str | None, str]) -> bool:
    is_same = (profile.batch, profile.version, profile.contract) == asked
    return is_same and store.exists(profile.page.key)


def _sample(store: Store, project: Project, version: str) -> pd.DataFrame | None:
    """The version's reference rows; None where they have left the retention."""
    card = store.record(keys.card(project.name, version), Card)
    try:
        return load_frame(store, card.reference_sample)
    except Expired:
        return None
