"""A stored version fitted again from the revisions, recipe and seed that were recorded with it.

Nothing is written into the store. What is compared are bytes; where they differ, inputs are named.
"""

import hashlib
from collections.abc import Iterator, Sequence

from schemas.errors import Damaged, Missing, ModelUnusable
from schemas.model import Card, Fit
from schemas.project import Project
from schemas.rebuilt import Input, Rebuilt, RebuiltFit
from tasks.engine.cards import card_of
from tasks.engine.fits import Fitter, judged_set_id, libraries, source_digest
from tasks.engine.revive import revive
from tasks.engine.trained_nights import trained_nights
from tasks.engine.usable import UsableNight
from tasks.store import Store

_SHORT = 12


def rebuild(store: Store, project: Project, version: str) -> Rebuilt:
    """Fit every member and the stand-in again and compare the bytes with the recorded ones.

    Differences of inputs are told only where the bytes differ, or could not be made.

    Raises:
        NotYet: there is no such version.
    """
    card = card_of(store, project.name, version)
    fits, lacking = [], []
    for role, fit in _fits(card):
        digests: tuple[str | None, str | None] = None, None
        try:
            digests = _fit_again(store, project, card, fit)
        except (Missing, Damaged, ModelUnusable) as error:
            lacking.append(Input(name=_name(error), sentence=str(error)))
        except _OtherRows as error:
            lacking.append(Input(name="training set", sentence=str(error)))
        fits.append(_told(role, fit, *digests))
    rebuilt = Rebuilt(project=project.name, version=version, fits=tuple(fits))
    if rebuilt.is_equal:
        return rebuilt
    differences = dict.fromkeys([*lacking, *_changed(project, card)])
    return rebuilt.model_copy(update={"differences": tuple(differences)})


class _OtherRows(Exception):
    """The recorded revisions no longer make the training set that was recorded."""


def _fits(card: Card) -> Iterator[tuple[str, Fit]]:
    yield from (("served", fit) for fit in card.members)
    yield from (("stand-in", fit) for fit in card.stand_in)


def _fit_again(store: Store, project: Project, card: Card, fit: Fit) -> tuple[str, str]:
    """Digests of the model and of the feature state."""
    made_by = revive(project, card).model_copy(update={"groups": fit.without_groups})
    nights = trained_nights(store, made_by, fit)
    _check_set(made_by, fit, nights)
    made = Fitter(store, made_by, {}).make(nights, fit.without_groups)
    return _sha256(made.model), _sha256(made.features)


def _check_set(project: Project, fit: Fit, nights: Sequence[UsableNight]) -> None:
    if judged_set_id(project, nights) == fit.training_set:
        return
    raise _OtherRows(
        "what the rows look back at is not what it was: an earlier night was delivered again"
        if project.past
        else "the recorded revisions do not add up to the training set that was recorded"
    )


def _changed(project: Project, card: Card) -> Iterator[Input]:
    """What shapes a fit besides rows and recipe, and is another now."""
    if card.contract != project.contract_digest:
        yield Input(
            name="contract",
            sentence="contract or cleaning were edited since: rows may be read otherwise; "
            f"driftloop contract diff {project.name} --version {card.version}",
        )
    now = libraries()
    for name in sorted(card.libraries.keys() | now.keys()):
        before, after = card.libraries.get(name, "not there"), now.get(name, "not there")
        if before != after:
            yield Input(name=name, sentence=f"the library {name} was {before} and is {after}")
    if card.source != source_digest():
        yield Input(
            name="source",
            sentence=f"driftloop's own source for features, families and core was "
            f"{card.source[:_SHORT]} and is {source_digest()[:_SHORT]}",
        )


def _name(error: Exception) -> str:
    return "recipe" if isinstance(error, ModelUnusable) else "data"


def _told(role: str, fit: Fit, model: str | None, features: str | None) -> RebuiltFit:
    return RebuiltFit.model_validate(
        {
            "role": role,
            "nights": fit.nights,
            "rows": fit.rows,
            "recorded_model": fit.model.sha256,
            "recorded_features": fit.features.sha256,
            "model": model,
            "features": features,
        }
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
