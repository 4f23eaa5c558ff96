"""A model version's card, asked for by name: by default the champion's.

What is told of it is `tasks.engine.model_card`; where it came from `tasks.engine.lineage`.
"""

from schemas.errors import NotYet
from schemas.model import Card
from tasks.store import Store, keys
from tasks.store.champion import find_serving


def card_of(store: Store, project: str, version: str) -> Card:
    """The card of a stored version.

    Raises:
        NotYet: there is no such version.
    """
    key = keys.card(project, version)
    if not store.exists(key):
        raise NotYet(
            f"{project}: there is no model version {version}; "
            f"driftloop history {project} lists those that served"
        )
    return store.record(key, Card)


def champion_of(store: Store, project: str) -> str:
    """The version in service.

    Raises:
        NotYet: nothing serves yet.
    """
    version = find_serving(store, project).champion
    if version is None:
        raise NotYet(f"{project}: there is no champion yet; driftloop status {project} says why")
    return version
