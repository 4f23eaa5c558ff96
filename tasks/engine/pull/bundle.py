"""What the folder of one model version holds, each byte checked against the store's records.

Putting it on disk is `tasks.engine.pull.place`, trying it `tasks.engine.pull.trial`.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from schemas.errors import Damaged
from schemas.model import Card
from schemas.project import FeatureStep
from schemas.record import digest_of, parse_json
from tasks.engine.pull import features
from tasks.engine.pull.example import BESIDE, example_of, family_of, is_calibrated
from tasks.engine.pull.mean_example import mean_of
from tasks.families import rescaled
from tasks.families.boxed import unpack
from tasks.features.bins import Bins
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.differences import Differences
from tasks.features.fill_from_group import FillFromGroup
from tasks.features.frequencies import Frequencies
from tasks.features.holidays import Holidays
from tasks.features.impute import Impute
from tasks.features.numbers import Numbers
from tasks.features.ratios import Ratios
from tasks.features.target_means import TargetMeans
from tasks.store import Store, keys

_SHIPPED: tuple[type[FeatureStep], ...] = (
    *(Bins, Calendar, Categories, Differences, FillFromGroup, Frequencies),
    *(Holidays, Impute, Numbers, Ratios, TargetMeans),
)
_FIELDS = {step.__name__: {"kind", *step.model_fields} for step in _SHIPPED}


@dataclass(frozen=True)
class Bundle:
    """Files of a version by name, and what its `predict.py` cannot do, if there is something."""

    version: str
    files: dict[str, bytes]
    lacks: str | None

    @property
    def can_predict(self) -> bool:
        """Whether there is a `predict.py`."""
        return "predict.py" in self.files


def gather(store: Store, project: str, version: str, own: Collection[str] = ()) -> Bundle:
    """The version's files. `own` are kinds of the project's own that may share a shipped name.

    Raises:
        Missing, Damaged: a file is not what the records say.
    """
    key = keys.card(project, version)
    card = store.record(key, Card)
    recipe = card.recipe["features"]
    unknown = sorted({step["kind"] for step in recipe if not _is_shipped(step, own)})
    family, is_own = family_of(card), card.recipe["family"]["kind"] in own
    of_card = example_of if len(card.members) == 1 else mean_of
    example = None if is_own else of_card(card)
    files = {"card.json": _card_bytes(store, key, card)}
    for apart, fit in zip(_suffixes(card), card.members, strict=True):
        states = json.loads(store.read_bytes(fit.features))
        steps = [{**step, "state": state} for step, state in zip(recipe, states, strict=True)]
        suffix, model = keys.parse(fit.model.key).suffix, store.read_bytes(fit.model)
        told = _features(card, steps, unknown)
        if is_calibrated(card) and not is_own:
            box = unpack(model)
            suffix, model, told["calibration"] = box.suffix, box.model, box.line
        files[f"model{apart}.{suffix}"] = model
        files[f"features{apart}.json"] = json.dumps(told, indent=1).encode() + b"\n"
    if example:
        files["predict.py"] = example.encode()
        files["features.py"] = Path(features.__file__).read_bytes()
        for module in _beside(card, family):
            copied = Path(str(module.__file__))
            files[copied.name] = copied.read_bytes()
    return Bundle(version, files, _lacks(card, unknown, files, is_own=is_own))


def _beside(card: Card, family: str) -> Iterator[ModuleType]:
    """What the example imports of us."""
    if family in BESIDE:
        yield BESIDE[family]
    if is_calibrated(card):
        yield rescaled


def _suffixes(card: Card) -> list[str]:
    """What tells the files of the members apart, where there are several."""
    count = len(card.members)
    return [f"-{number:02}" for number in range(1, count + 1)] if count > 1 else [""]


def _is_shipped(step: dict[str, Any], own: Collection[str]) -> bool:
    """Whether it is a step that this version ships, with the fields that it has today."""
    return step["kind"] not in own and step.keys() == _FIELDS.get(step["kind"])


def _card_bytes(store: Store, key: str, card: Card) -> bytes:
    """The card as it is stored: fields that this version does not know are kept."""
    data = store.backend.read(key)
    body = parse_json(data, key)
    if body.pop("digest", None) != card.digest or digest_of(body) != card.digest:
        raise Damaged(f"{key}: it changed while it was read; run driftloop verify {card.project}")
    return data


def _features(card: Card, steps: list[dict[str, Any]], unknown: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "project": card.project,
        "version": card.version,
        "target": card.target,
        "columns": [*card.recipe["columns"], *(one["name"] for one in card.recipe.get("past", []))],
        "own_steps": unknown,
        "steps": steps,
    }
    if card.members[0].classes:
        body["classes"] = card.members[0].classes
    if not unknown:
        made = features.describe(steps)
        body["features"] = [{"name": name, "kind": kind} for name, kind in made]
    return body


def _lacks(card: Card, unknown: list[str], files: Collection[str], *, is_own: bool) -> str | None:
    models = [name for name in files if name.startswith("model")]
    family, listed = card.recipe["family"]["kind"], ", ".join(models)
    if "predict.py" not in files and card.task == "multiclass" and not is_own:
        return (
            f"it is the mean of {len(models)} models that may know different classes: no "
            f"predict.py, and {listed} was not tried; driftloop score predicts with it"
        )
    if "predict.py" not in files:
        return (
            f"family {family} is the project's own: no predict.py, and {listed} was not "
            "tried; load it with that family's predict()"
        )
    if unknown:
        steps, matrix = ", ".join(unknown), "matrix" if len(models) == 1 else "matrices"
        return f"the project's own feature steps {steps} need driftloop: hand score() the {matrix}"
    return None
