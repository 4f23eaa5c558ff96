"""Stores that do not create only if absent, each in its own way; a folder otherwise."""

import time

from schemas.errors import Conflict, Missing, StoreUnavailable, Unsupported
from tasks.store.local import LocalStore


class Unfit(LocalStore):
    """Nobody vouches for it, so it is probed; `scope` is what a test says of its settings."""

    scope: str | None = "as it was"
    creates = 0

    def probe_scope(self) -> str | None:  # type: ignore[override]  # a folder needs no probe
        return self.scope

    def create(self, key: str, data: bytes) -> bool:
        self.creates += key.startswith("probe/")
        return super().create(key, data)


class Ignoring(Unfit):
    """Overwrites, as servers do that do not know the condition."""

    def create(self, key: str, data: bytes) -> bool:
        self.replace(key, data)
        return True


class Racing(Unfit):
    """Looks first, then writes."""

    def create(self, key: str, data: bytes) -> bool:
        try:
            there = self.read(key)
        except Missing:
            time.sleep(0.01)
            self.replace(key, data)
            return True
        if there != data:
            raise Conflict(key)
        return False


class NotImplementing(Unfit):
    """Answers 501 to the condition."""

    def create(self, key: str, data: bytes) -> bool:
        raise Unsupported(f"{key}: the server cannot do that")


class Forbidding(Unfit):
    """Answers 403 to the condition alone."""

    def create(self, key: str, data: bytes) -> bool:
        raise StoreUnavailable(f"{key}: AccessDenied (HTTP 403)")


class AlwaysTaken(Unfit):
    """Answers 412 whatever is there."""

    def create(self, key: str, data: bytes) -> bool:
        raise Conflict(key)


class Down(Forbidding):
    """Does not answer."""

    def replace(self, key: str, data: bytes) -> None:
        raise StoreUnavailable(f"{key}: no answer")
