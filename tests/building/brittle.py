"""A backend that dies at a chosen write, as a process would: what was written before stays."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tasks.store.backend import Backend, Listed


class Killed(BaseException):
    """Nothing in the product catches this, as nothing catches a kill."""


@dataclass
class Brittle(Backend):
    """Dies before or after its write number `at`, or its first write under `prefix`."""

    inner: Backend
    at: int = 0
    prefix: str | None = None
    after: bool = False
    written: list[str] = field(default_factory=list)

    def create(self, key: str, data: bytes) -> bool:
        self._die_unless(key, after=False)
        is_made = self.inner.create(key, data)
        self._die_unless(key, after=True)
        return is_made

    def create_file(self, key: str, path: Path) -> bool:
        self._die_unless(key, after=False)
        is_made = self.inner.create_file(key, path)
        self._die_unless(key, after=True)
        return is_made

    def replace(self, key: str, data: bytes) -> None:
        self._die_unless(key, after=False)
        self.inner.replace(key, data)
        self._die_unless(key, after=True)

    def delete(self, key: str) -> None:
        self._die_unless(key, after=False)
        self.inner.delete(key)
        self._die_unless(key, after=True)

    def _die_unless(self, key: str, *, after: bool) -> None:
        if not after:
            self.written.append(key)
        is_meant = len(self.written) == self.at or key.startswith(self.prefix or "\0")
        if is_meant and after == self.after:
            raise Killed(f"{'after' if after else 'before'} {key}")

    def describe(self) -> str:
        return self.inner.describe()

    def read(self, key: str) -> bytes:
        return self.inner.read(key)

    def read_file(self, key: str, path: Path) -> str:
        return self.inner.read_file(key, path)

    def size(self, key: str) -> int:
        return self.inner.size(key)

    def keys(self, prefix: str) -> list[str]:
        return self.inner.keys(prefix)

    def listed(self, prefix: str) -> list[Listed]:
        return self.inner.listed(prefix)

    def modified(self, key: str) -> datetime:
        return self.inner.modified(key)

    def now(self) -> datetime:
        return self.inner.now()

    def local_path(self, key: str) -> Path | None:
        return self.inner.local_path(key)

    def probe_scope(self) -> str | None:
        return self.inner.probe_scope()
