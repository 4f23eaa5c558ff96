"""Whether a store creates an object only if it is absent, tried out on that very store.

All that is decided rests on it: a store that does not may have two champions. A probe refutes, it
cannot prove: a race that is lost rarely passes.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Literal

from schemas.errors import Conflict, StoreError, StoreUnavailable, Unsupported
from tasks.store import keys
from tasks.store.backend import Backend
from tasks.store.store import Store

Verdict = Literal["atomic", "racy", "ignored", "refused"]

ROUNDS, WRITERS = 6, 16
MEANINGS: dict[Verdict, str] = {
    "atomic": f"of {WRITERS} writers at once exactly one created the object, {ROUNDS} times over",
    "racy": "of writers at once not exactly one creates an object that must be created once",
    "ignored": "it overwrites an object that must be created only if absent",
    "refused": "it refuses to create an object only if absent",
}
_TRUSTED_SECONDS = 86_400


def why_undecidable(store: Store) -> str | None:
    """Why no decision may be written to this store's ledger; None where it is atomic.

    An atomic verdict is kept for a day in the cache, as long as the store's settings stay; any
    other is found anew each time, so that a mended store is used at once.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    scope = store.backend.probe_scope()
    if scope is None or _is_known(store, scope):
        return None
    verdict = probe(store.backend)
    if verdict == "atomic":
        _remember(store, scope)
        return None
    return (
        f"the store is not fit for decisions ({verdict}: {MEANINGS[verdict]}), all else goes on; "
        "driftloop doctor says what to do"
    )


def probe(backend: Backend) -> Verdict:
    """Create twice under a name of its own, then race; what was written is removed if allowed.

    Raises:
        StoreUnavailable: the store does not answer, which is no verdict.
    """
    run = secrets.token_hex(8)
    names = [keys.probe(run, number) for number in range(ROUNDS + 2)]
    verdict = _judge(backend, names)
    with suppress(StoreError):  # a nightly writer may not be allowed to delete
        for name in names:
            backend.delete(name)
    return verdict


def _judge(backend: Backend, names: list[str]) -> Verdict:
    spare, twice, *races = names
    first = _body()
    if _refuses(lambda: backend.create(twice, first), lambda: backend.replace(spare, _body())):
        return "refused"
    if _creates(backend, twice, _body()) or backend.read(twice) != first:
        return "ignored"
    return "atomic" if all(_has_one_winner(backend, name) for name in races) else "racy"


def _refuses(create: Callable[[], object], replace: Callable[[], object]) -> bool:
    """Whether creating fails while plain writing does not, which an outage would stop as well."""
    try:
        create()
    except (Conflict, Unsupported):  # nobody else can have been in a slot of this name
        return True
    except StoreUnavailable:
        replace()
        try:
            create()
        except StoreError:
            return True
    return False


def _has_one_winner(backend: Backend, name: str) -> bool:
    bodies = [_body() for _ in range(WRITERS)]
    start = Barrier(WRITERS)

    def race(body: bytes) -> bool:
        start.wait(60)
        return _creates(backend, name, body)

    with ThreadPoolExecutor(WRITERS) as writers:
        won = list(writers.map(race, bodies))
    return won.count(True) == 1 and backend.read(name) == bodies[won.index(True)]


def _creates(backend: Backend, name: str, body: bytes) -> bool:
    try:
        backend.create(name, body)
    except Conflict:
        return False
    return True


def _body() -> bytes:
    """Like no other: equal bodies count as the same writer's, and have equal ETags."""
    return secrets.token_hex(16).encode()


def _is_known(store: Store, scope: str) -> bool:
    path = _note(store)
    try:
        age = time.time() - path.stat().st_mtime  # noqa: TID251  # a note's age, not a night
        return 0 <= age < _TRUSTED_SECONDS and json.loads(path.read_bytes()) == [scope, "atomic"]
    except (OSError, ValueError):
        return False


def _remember(store: Store, scope: str) -> None:
    path = _note(store)
    aside = path.with_name(f".{secrets.token_hex(8)}")
    with suppress(OSError):  # then it is probed again
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps([scope, "atomic"]))
        aside.replace(path)


def _note(store: Store) -> Path:
    address = hashlib.sha256(store.backend.describe().encode()).hexdigest()[:16]
    return store.cache / f"probe-{address}.json"
