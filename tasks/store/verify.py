"""Proof that a project's store is whole: every commit record, and all that it names.

It reads JSON, not classes, so that it covers the records of other versions. It repairs nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from schemas.errors import Damaged, InvalidName, Missing
from schemas.ledger import Entry
from schemas.record import FORMAT, ObjectRef, canonical_json, digest_of, parse_json
from tasks.store import keys
from tasks.store.store import Store

State = Literal["damaged", "missing", "unexpected"]


@dataclass(frozen=True, order=True)
class Finding:
    """One object that is not as the records say."""

    key: str
    state: State
    detail: str


def verify(
    store: Store, project: str, progress: Callable[[str], None] | None = None
) -> list[Finding]:
    """Everything of the project that is damaged, missing, or no object of a store, by key.

    Objects that no record names, as a crash leaves them, are no finding while they are what their
    names say; nor is a hint, which decides nothing. `progress` is told each key before its object
    is read.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    walk = _Walk(store, project, progress)
    for folder in keys.COMMITS:
        if folder != "ledger":
            for _, key in store.places(folder, project):
                walk.read_record(key)
    walk.read_ledger()
    walk.check_objects()
    walk.check_unnamed()
    walk.check_links()
    walk.find_strangers()
    return sorted(walk.findings)


class _Walk:
    """One walk over a project: what was found, and what the records name (by whom)."""

    def __init__(self, store: Store, project: str, progress: Callable[[str], None] | None) -> None:
        self.findings: set[Finding] = set()
        self._store = store
        self._project = project
        self._progress = progress
        self._objects: dict[ObjectRef, str] = {}
        self._links: dict[str, str] = {}
        self._known_entries = 0

    def read_record(self, key: str) -> dict[str, Any] | None:
        """The record's body, what it names noted; None with a finding when it is not sound."""
        self._tell(key)
        try:
            body = _intact(key, self._store.backend.read(key))
        except Missing:
            self._find(key, "missing", "other records show that it was there")
            return None
        except Damaged as error:
            self._find(key, "damaged", str(error))
            return None
        self._known_entries = max(self._known_entries, _entries_seen(body))
        for named in _named(body):
            if isinstance(named, ObjectRef):
                self._objects.setdefault(named, key)
            elif _project_of(named) == self._project:
                self._links.setdefault(named, key)
        return body

    def read_ledger(self) -> None:
        """Every slot up to the newest that is there or that a night has seen, each in its chain."""
        slots = [place.number or 0 for place, _ in self._store.places("ledger", self._project)]
        before: Entry | None = None
        for seq in range(1, max([self._known_entries, *slots]) + 1):
            entry = self._read_entry(keys.ledger(self._project, seq))
            if before and entry:
                self._check_chain(before, entry)
            before = entry

    def check_objects(self) -> None:
        """Existence, size and hash of every object that a record names."""
        for ref, source in self._objects.items():
            self._tell(ref.key)
            try:
                self._store.check(ref)
            except Missing:
                self._find(ref.key, "missing", f"{source} names it")
            except Damaged as error:
                self._find(ref.key, "damaged", f"{error} ({source} names it)")

    def check_unnamed(self) -> None:
        """That objects which no record names are what their own names say: a run may use them."""
        named = {ref.key for ref in self._objects}
        for place, key in self._store.places("data", self._project):
            if key in named or place.sha256 is None:
                continue
            self._tell(key)
            try:
                size = self._store.backend.size(key)
                self._store.check(ObjectRef(key=key, sha256=place.sha256, bytes=size))
            except (Missing, Damaged) as error:
                self._find(key, "damaged", f"{error} (no record names it)")

    def check_links(self) -> None:
        """Existence of every key that a record names."""
        for key, source in self._links.items():
            if not self._store.exists(key):
                self._find(key, "missing", f"{source} names it")

    def find_strangers(self) -> None:
        """Files under the project's folders whose names this version does not build."""
        for folder in keys.FOLDERS:
            for key in self._store.backend.keys(keys.prefix(folder, self._project)):
                if _project_of(key) != self._project:
                    self._find(key, "unexpected", "no key of the store: move the file elsewhere")

    def _read_entry(self, key: str) -> Entry | None:
        body = self.read_record(key)
        if body is None:
            return None
        try:
            entry = Entry.from_bytes(canonical_json(body), key)
        except (Damaged, ValidationError) as error:
            self._find(key, "damaged", f"no ledger entry: {error}")
            return None
        if entry.version:
            self._links.setdefault(keys.card(self._project, entry.version), key)
        return entry

    def _check_chain(self, before: Entry, entry: Entry) -> None:
        key = keys.ledger(self._project, entry.seq)
        if entry.previous != before.digest:
            self._find(key, "damaged", f"names {entry.previous} before it, not {before.digest}")
        if entry.as_of < before.as_of:
            self._find(key, "damaged", f"as_of {entry.as_of} lies before {before.as_of}")

    def _tell(self, key: str) -> None:
        if self._progress:
            self._progress(key)

    def _find(self, key: str, state: State, detail: str) -> None:
        self.findings.add(Finding(key, state, detail))


def _entries_seen(body: dict[str, Any]) -> int:
    """How many ledger entries the record says there were."""
    evidence = body.get("evidence")
    seen = evidence.get("ledger") if isinstance(evidence, dict) else body.get("head")
    return seen if isinstance(seen, int) else 0


def _intact(key: str, data: bytes) -> dict[str, Any]:
    """The body of a record of any kind, its bytes the very ones that were committed."""
    body = parse_json(data, key)
    try:
        digest = digest_of({name: value for name, value in body.items() if name != "digest"})
        is_intact = body.get("digest") == digest and canonical_json(body) == data
    except (ValueError, RecursionError) as error:
        raise Damaged(f"not a record: {error}") from error
    if not is_intact:
        raise Damaged("its digest does not match its bytes; restore the object")
    if body.get("format") != FORMAT:
        raise Damaged(f"format {body.get('format')!r}, this version reads {FORMAT}")
    contradiction = keys.parse(key).contradiction(body)
    if contradiction:
        raise Damaged(f"it belongs elsewhere: {contradiction}")
    return body


def _named(body: dict[str, Any]) -> Iterator[ObjectRef | str]:
    """Every object reference and every other text of a body, however deep."""
    rest: list[Any] = [body]
    while rest:
        match rest.pop():
            case {"key": str(key), "sha256": str(sha256), "bytes": int(size)}:
                yield ObjectRef(key=key, sha256=sha256, bytes=size)
            case dict(fields):
                rest += fields.values()
            case list(items):
                rest += items
            case str(text):
                yield text


def _project_of(key: str) -> str | None:
    """The project of a key of the store; None for any other text."""
    try:
        return keys.parse(key).project
    except InvalidName:
        return None
