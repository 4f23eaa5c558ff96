"""One pull: the champion's version, or a named one, checked, tried, and put in service as a whole.

Pulling again and again is `tasks.engine.pull.watch`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import DriftloopError, NotYet
from tasks.engine.cards import champion_of
from tasks.engine.pull.bundle import gather
from tasks.engine.pull.place import CURRENT, current_version, point, put, taken
from tasks.engine.pull.trial import try_in_child
from tasks.store import Store, keys


@dataclass(frozen=True)
class Pulled:
    """What a pull did."""

    before: str | None
    version: str
    wrote: bool
    lacks: str | None
    """What the version's `predict.py` cannot do, if there is something."""


def pull(
    store: Store,
    project: str,
    folder: Path,
    version: str | None = None,
    own: Collection[str] = (),
) -> Pulled:
    """Have `folder/current` name the champion, or `version`; on any error it stays as it was.

    `own` are kinds of feature steps and families of the project's own.

    Raises:
        NotYet: there is no champion, or no such version.
        Missing, Damaged, StoreUnavailable: the store's fault, or the folder's.
        ModelUnusable: the version cannot be loaded.
        InvalidName: the folder cannot be ours.
    """
    with taken(folder, project):
        before = current_version(folder)
        try:
            chosen = version or champion_of(store, project)
            if version and not store.exists(keys.card(project, version)):
                raise NotYet(
                    f"{project}: no model {version}; driftloop history {project} lists them"
                )
            bundle = gather(store, project, chosen, own)

            def attempt(aside: Path) -> None:
                if bundle.can_predict:
                    try_in_child(aside, f"{project} {chosen}")

            wrote = put(folder, bundle, attempt)
            point(folder, chosen)
        except DriftloopError as error:
            stays = f"stays at {before}" if before else "does not exist yet"
            raise type(error)(f"{error}. {folder / CURRENT} {stays}") from error
    return Pulled(before, chosen, wrote, bundle.lacks)
