"""Verify on a store that lived: what was there is missed, also when nothing names it."""

from tasks.store import keys
from tasks.store.verify import verify
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.world import World


def test_the_newest_ledger_entry_is_missed_when_it_is_gone(served: World) -> None:
    served.live(SERVED + 1)
    assert verify(served.store, NAME) == []
    newest = keys.ledger(NAME, len(served.moves()))
    (served.root / "store" / newest).unlink()
    served.forget()
    found = verify(served.store, NAME)
    assert [(one.key, one.state) for one in found] == [(newest, "missing")]
