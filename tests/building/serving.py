"""What a service does: hand rows over as JSON, look at its folder; and who serves it."""

import math
from pathlib import Path
from typing import Any

import pandas as pd

from tasks.engine.pull.bundle import gather
from tasks.store import Store
from tasks.store.ledger import append, entries, read_standing
from tests.building.project import NAME
from tests.building.rows import day


def as_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def champions(store: Store) -> list[str]:
    """Every version that was promoted, oldest first."""
    found = entries(store, NAME)
    return [entry.version for entry in found if entry.version and entry.action == "promote"]


def promote(store: Store, version: str) -> None:
    """Put a version in service, whatever it is."""
    standing = read_standing(store, NAME)
    as_of = standing.as_of or day(0)
    append(
        store, NAME, standing, "promote", as_of=as_of, version=version, reason="test", actor="ann"
    )


def whole_version(store: Store, folder: Path) -> str | None:
    """The version that `current` names, each of its files as the store has it."""
    if not (folder / "current").is_symlink():
        return None
    place = (folder / "current").resolve(strict=True)
    for name, data in gather(store, NAME, place.name).files.items():
        assert (place / name).read_bytes() == data, name
    return place.name
