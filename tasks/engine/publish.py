"""From a challenger that may serve to a stored version: refit, first load, reference, card.

Whether it may serve is decided before (`tasks.engine.attempt`); the ledger entry comes after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schemas.contract import describe_whole
from schemas.errors import ModelUnusable
from schemas.judgement import Contest, Window, kept_fits, pruned_fits
from schemas.ledger import Standing
from schemas.model import Card, Fit
from schemas.monitoring import NightLoss
from schemas.project import Project
from schemas.record import canonical_json, digest_of
from tasks.engine.attempt import fitter_of
from tasks.engine.contest import agreement
from tasks.engine.fits import Fitter, libraries, predict, source_digest
from tasks.engine.groups import rows_known_to_both
from tasks.engine.planning import Planned
from tasks.engine.reference import extend_null, make_reference, null_by_blocks, null_since
from tasks.engine.smoke import check_in_child
from tasks.engine.training_set import record_training_set
from tasks.engine.usable import UsableNight, training_frame
from tasks.engine.windows import refit_windows
from tasks.store import Store, keys

_SMOKE_ROWS = 200


@dataclass(frozen=True)
class Published:
    """A stored version and what it cost, in rows x rounds."""

    version: str
    row_rounds: int


def publish(
    store: Store,
    project: Project,
    standing: Standing,
    before: Card | None,
    planned: Planned,
    challenger: Sequence[Window],
    contest: Contest | None,
    judgement: str,
) -> Published:
    """Refit on all usable nights, load it in a child, check it against the challenger, store it.

    Training windows that do not serve are refitted as well when a later challenger needs them.
    The challenger becomes the new champion's stand-in. Without a card nothing can promote a model
    that failed.

    Raises:
        ModelUnusable: the stored copy does not predict in a process of its own what it predicts
            here, or the refit disagrees with the judged challenger.
    """
    fitter = fitter_of(store, project, standing)
    windows, spent = refit_windows(fitter, planned.nights, challenger)
    judged, served = kept_fits(challenger), kept_fits(windows)
    frame = training_frame(store, project, planned.nights[-1:]).head(_SMOKE_ROWS)
    check_in_child(store, project, served, frame)
    distance = _check_agreement(store, project, planned, judged, served)
    null, more = _quality_null(fitter, before, planned, contest, windows)
    reference = make_reference(store, project, planned.before)
    version = _version_of(served, judged, reference.drift.sha256)
    key = keys.card(project.name, version)
    if not store.exists(key):
        card = Card(
            version=version,
            as_of=planned.nights[-1].as_of,
            retrain=planned.kind,
            members=_recorded(store, project, served, planned.nights),
            stand_in=_recorded(store, project, judged, planned.train),
            pruned=_recorded(store, project, pruned_fits(windows), planned.nights),
            judgement=judgement,
            agreement=distance,
            reference=reference.drift,
            reference_sample=reference.sample,
            quality_null=null,
            described=store.add_bytes(
                project.name, canonical_json(describe_whole(project.contract)), "json"
            ),
            **_made_by(project),
        )
        store.commit(key, card)
    return Published(version, spent + more)


def _recorded(
    store: Store, project: Project, fits: Sequence[Fit], nights: Sequence[UsableNight]
) -> tuple[Fit, ...]:
    """The fits with the lists of their nights: each was fitted on the newest of these."""
    return tuple(
        record_training_set(store, project.name, fit, nights[-fit.nights :]) for fit in fits
    )


def _made_by(project: Project) -> dict[str, Any]:
    """The card's fields that say what made the model."""
    return {
        "project": project.name,
        "about": project.about,
        "recipe": project.recipe,
        "recipe_digest": project.recipe_digest,
        "contract": project.contract_digest,
        "task": project.task,
        "target": project.target,
        "libraries": libraries(),
        "source": source_digest(),
    }


def _version_of(served: Sequence[Fit], stand_in: Sequence[Fit], reference: str) -> str:
    return f"v{digest_of([*(fit.id for fit in (*served, *stand_in)), reference])[:16]}"


def _check_agreement(
    store: Store,
    project: Project,
    planned: Planned,
    challenger: Sequence[Fit],
    served: Sequence[Fit],
) -> float:
    nights = planned.gate or planned.nights[-1:]
    frame = rows_known_to_both(store, project, nights)
    target = frame[project.target].to_numpy(dtype=np.float64)
    one = predict(store, project, challenger, frame)
    other = predict(store, project, served, frame)
    distance = agreement(target, one, other)
    limit = project.policy.agreement_limit
    if distance > limit:
        raise ModelUnusable(
            f"{project.name}: the refit's scores differ from the judged challenger's by "
            f"{distance:.2f} of the labels' sd on the gate nights, limit {limit:g}; not promoted"
        )
    return distance


def _quality_null(
    fitter: Fitter,
    before: Card | None,
    planned: Planned,
    contest: Contest | None,
    windows: Sequence[Window],
) -> tuple[tuple[NightLoss, ...], int]:
    """Past gate windows; a first champion and a change start from 8 blocks of their own recipe.

    Live nights have rows of all groups: the null is then of a fit that knows all groups, too.
    """
    kept = [window.nights for window in windows if window.kept]
    if before is None or planned.kind != "refresh" or contest is None:
        return null_by_blocks(fitter, planned.nights, kept)
    if fitter.project.groups and planned.split.cut:
        gate, spent = null_since(fitter, planned.train, planned.nights, planned.split.cut, kept)
        return extend_null(before.quality_null, gate), spent
    gate = [
        NightLoss(as_of=night.as_of, rows=night.rows, loss=night.challenger / night.rows)
        for night in contest.nights
    ]
    return extend_null(before.quality_null, gate), 0
