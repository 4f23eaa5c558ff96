"""Fills the disk that a folder is on through the store, and looks at what became of it.

Run as a program by `test_full_disk`, in a mount of its own: `python -m tests.faults.full_disk DIR`.
"""

import sys
from contextlib import suppress
from pathlib import Path

from schemas.errors import StoreUnavailable
from tasks.store import keys
from tasks.store.champion import find_serving
from tasks.store.ledger import entries, read_standing
from tasks.store.verify import verify
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, Note, decide, fill, open_local


def fill_up(folder: Path) -> list[str]:
    """Objects that were acknowledged until there was no room."""
    store = open_local(folder)
    fill(store)
    stored: list[str] = []
    try:
        while True:
            number = len(stored)
            data = number.to_bytes(4, "big") * 1_000
            stored.append(store.add_bytes(PROJECT, data, "parquet").key)
    except StoreUnavailable as full:
        if "free some space, then run again" not in str(full):
            raise
    return stored


def check_reads(folder: Path, stored: list[str]) -> None:
    """All that was acknowledged is whole; who serves is known."""
    store = open_local(folder)
    for number, key in enumerate(stored):
        assert store.backend.read(key) == number.to_bytes(4, "big") * 1_000
    assert find_serving(store, PROJECT).champion == VERSIONS[1]
    assert verify(store, PROJECT) == []


def check_writes(folder: Path) -> None:
    """Nothing is half written: what fails leaves no trace."""
    store = open_local(folder)
    before = sorted(path for path in (folder / "store").rglob("*") if path.is_file())
    for act in (
        lambda: decide(store, "unfreeze"),
        lambda: store.commit(keys.batch(PROJECT, NIGHT, 2), Note(share=0.5)),
        lambda: store.put_hint(PROJECT, {"seq": 99, "why": "x" * 9_000}),
    ):
        try:
            act()
        except StoreUnavailable:
            continue
        raise SystemExit("there was room after all")
    assert sorted(path for path in (folder / "store").rglob("*") if path.is_file()) == before
    assert len(entries(open_local(folder), PROJECT)) == 3


def main(folder: Path) -> None:
    """Fill, look, make room, go on."""
    stored = fill_up(folder)
    with (folder / "rest").open("wb", buffering=0) as rest, suppress(OSError):
        while True:
            rest.write(bytes(100))
    check_reads(folder, stored)
    check_writes(folder)
    (folder / "rest").unlink()
    open_local(folder).delete(stored.pop())
    decide(open_local(folder), "unfreeze")
    assert read_standing(open_local(folder), PROJECT).frozen is False
    check_reads(folder, stored)
    print(len(stored))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
