"""A folder that follows promotions and roll-backs, and outlives a store that is away or damaged.

One pull is `tasks.engine.pull.pull`.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from schemas.errors import ModelUnusable, NotYet, StoreError
from tasks.engine.cards import champion_of
from tasks.engine.pull.place import current_version
from tasks.engine.pull.pull import Pulled, pull
from tasks.store import Store

REFUSED_LOOKS = 20
"""Looks at the store before a version that was refused is tried once more."""


def watch(
    store: Store,
    project: str,
    folder: Path,
    *,
    own: Collection[str] = (),
    pause: Callable[[], None],
    moved: Callable[[Pulled], None],
    trouble: Callable[[str | None], None],
) -> None:
    """Pull now and, after each `pause`, when another version serves, until something is raised.

    `moved` is told each pull. `trouble` is told why the folder cannot follow, once a cause, and
    None when it follows again.

    Raises:
        InvalidName: the folder cannot be ours.
    """
    is_first, refused, looks = True, None, 0
    cause: object = None
    while True:
        version = None
        try:
            version = champion_of(store, project)
            looks += 1
            if version != refused or looks % REFUSED_LOOKS == 0:
                is_due = is_first or version != current_version(folder)
                pulled = pull(store, project, folder, own=own) if is_due else None
                if cause:
                    trouble(None)
                if pulled:
                    moved(pulled)
                is_first, refused, cause = False, None, None
        except (ModelUnusable, NotYet, StoreError) as error:
            if isinstance(error, ModelUnusable):
                refused, looks = version, 0
            if cause != (type(error), version):
                trouble(str(error))
            cause = (type(error), version)
        pause()
