"""The command lineage: where a model, a night or predictions come from."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.commands.options import Json

if TYPE_CHECKING:  # commands import what they need when they run
    from schemas.period import Period
    from schemas.record import Value
    from tasks.engine.lineage import Lineage
    from tasks.telling.lineage import Branch

_VERSION = "v[0-9a-f]{16}"
_NIGHT = r"\d{4}-(?:\d{2}-\d{2}(?:T\d{2})?|W\d{2})"


def lineage(project: str, what: str | None = None, *, json: Json = False) -> None:
    """Follow a model or predictions down to the files they came from, or a night up to its models.

    Args:
        project: The project's name.
        what: A model version, a night as YYYY-MM-DD, or the path of a stored predictions file;
            by default the champion.
        json: Print JSON for machines, with every night of a training set.
    """
    from deployments.printing import print_json, print_tree
    from flows.find import find_project
    from tasks.engine.lineage import Lineage
    from tasks.home import home

    found = find_project(project)
    told, tree = _collect(Lineage(home(), found.name), what, found.period)
    if json:
        print_json(told.model_dump(mode="json"))
    else:
        print_tree(tree)


def _collect(records: "Lineage", what: str | None, period: "Period") -> "tuple[Value, Branch]":
    from schemas.names import check_night
    from tasks.telling.lineage import model_tree, night_tree, predictions_tree

    if what is None or re.fullmatch(_VERSION, what):
        model = records.of_model(what or _champion(records))
        return model, model_tree(model)
    if re.fullmatch(_NIGHT, what):
        night = records.of_night(check_night(what, period))
        return night, night_tree(night)
    predictions = records.of_predictions(_sha256(what))
    return predictions, predictions_tree(predictions)


def _champion(records: "Lineage") -> str:
    from schemas.errors import NotYet

    version = records.standing.champion
    if version is None:
        raise NotYet(
            f"{records.project}: there is no champion yet; name a night as YYYY-MM-DD, "
            f"or see driftloop status {records.project}"
        )
    return version


def _sha256(what: str) -> str:
    from schemas.errors import InvalidName
    from tasks.store.checks import sha256_of

    path = Path(what)
    try:
        if path.is_file():
            return sha256_of(path)
    except (OSError, ValueError):  # a name that no file can have
        pass
    raise InvalidName(
        f"{what[:80]!a} is no model version, no night as YYYY-MM-DD and no file here: "
        "name one of these"
    )


COMMANDS = {"lineage": lineage}
