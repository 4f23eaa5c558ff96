"""The recipe that a stored card was made by: its model scores although the project moved on.

Only feature steps and families that stand in this tree or in the project's own file are revived.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pydantic import ValidationError

import tasks.families
import tasks.features
from schemas.contract import names_of
from schemas.declared import Declared
from schemas.errors import ModelUnusable
from schemas.model import Card
from schemas.past import PastNights
from schemas.project import FeatureStep, ModelFamily, Project

_LOOKS_BACK: dict[str, type[Declared]] = {"PastNights": PastNights}


def revive(project: Project, card: Card) -> Project:
    """The project with the family and features that the card's model was made by.

    Raises:
        ModelUnusable: a column, family or feature step of the card is not here any more.
    """
    if card.recipe_digest == project.recipe_digest:
        return project
    lost = set(card.recipe["columns"]) - set(names_of(project.contract, "feature"))
    if lost:
        raise ModelUnusable(
            f"{project.name}: model {card.version} needs columns {sorted(lost)}, "
            "which the contract no longer has; retrain, or restore the contract"
        )
    families = {cls.__name__: cls for cls in _classes(tasks.families, ModelFamily, project)}
    steps = {cls.__name__: cls for cls in _classes(tasks.features, FeatureStep, project)}
    return project.model_copy(
        update={
            "family": _load(families, card.recipe["family"], card),
            "features": tuple(_load(steps, dump, card) for dump in card.recipe["features"]),
            "seed": card.recipe["seed"],
            "weight": card.recipe.get("weight"),
            "past": tuple(_load(_LOOKS_BACK, one, card) for one in card.recipe.get("past", [])),
        }
    )


def _load(classes: dict[str, type[Declared]], dump: dict[str, Any], card: Card) -> Declared:
    fields = {key: value for key, value in dump.items() if key != "kind"}
    try:
        return classes[dump["kind"]].model_validate(fields)
    except (KeyError, ValidationError) as error:
        raise ModelUnusable(
            f"{card.project}: model {card.version} was made by {dump.get('kind')!r} as it then "
            "was, which is not here any more; retrain, or restore that file"
        ) from error


def _classes(
    package: ModuleType, base: type[Declared], project: Project
) -> Iterable[type[Declared]]:
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, base) and value is not base:
                yield value
    yield from (
        type(part) for part in (project.family, *project.features) if isinstance(part, base)
    )


def can_refit(project: Project, card: Card) -> bool:
    """Whether only parameters differ: same family, same columns, feature steps still here."""
    if card.recipe["family"]["kind"] != project.family.kind:
        return False
    try:
        made_by = revive(project, card)
    except ModelUnusable:
        return False
    if made_by.family.inner.kind != project.family.inner.kind:
        return False
    return bool(card.recipe["columns"] == project.recipe["columns"])
