"""One walk over a project's commit records: which are sound, and what they name.

It reads JSON, not classes, so that it covers the records of other versions. The objects that they
name are looked at by `tasks.store.verify`.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from schemas.errors import Damaged, InvalidName, Missing
from schemas.ledger import Entry
from schemas.model import Card, TrainedOn
from schemas.record import FORMAT, ObjectRef, canonical_json, digest_of, parse_json
from tasks.store import keys
from tasks.store.store import Store
from tasks.store.tombstones import Tombstone, read_tombstones

State = Literal["damaged", "missing", "unexpected", "expired"]
Progress = Callable[[str], None]


@dataclass(frozen=True, order=True)
class Finding:
    """One object that is not as the records say."""

    key: str
    state: State
    detail: str

    @property
    def is_wrong(self) -> bool:
        """Whether anything need be done: what was deleted on purpose is as it should be."""
        return self.state != "expired"


@dataclass
class Walked:
    """What was found; which objects and keys the records name, each with who does; what is gone."""

    findings: set[Finding] = field(default_factory=set)
    objects: dict[ObjectRef, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    tombstones: dict[str, list[Tombstone]] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)

    def find(self, key: str, state: State, detail: str) -> None:
        """Note that an object is not as the records say."""
        self.findings.add(Finding(key, state, detail.removeprefix(f"{key}: ")))


def walk_records(store: Store, project: str, progress: Progress) -> Walked:
    """Read every commit record of the project, and look for every record that others name."""
    walk = _Walk(store, project, progress)
    for folder in keys.COMMITS:
        if folder in keys.TOMBSTONES:
            walk.read_numbered(folder)
        elif folder != "ledger":
            for _, key in store.places(folder, project):
                walk.read_record(key)
    walk.read_ledger()
    walk.check_links()
    return walk.walked


class _Walk:
    """A walk under way."""

    def __init__(self, store: Store, project: str, progress: Progress) -> None:
        self.walked = Walked()
        self._store = store
        self._project = project
        self._progress = progress
        self._known_entries = 0

    def read_record(self, key: str) -> dict[str, Any] | None:
        """The record's body, what it names noted; None with a finding when it is not sound."""
        body = self._read(key)
        if body is None:
            return None
        self._known_entries = max(self._known_entries, _entries_seen(body))
        for named in _named(body):
            if isinstance(named, ObjectRef):
                self.walked.objects.setdefault(named, []).append(key)
            elif project_of(named) == self._project:
                self.walked.links.setdefault(named, key)
        for named in self._trained_on(body):
            self.walked.links.setdefault(named, key)
        return body

    def read_numbered(self, folder: keys.Folder) -> None:
        """Collections or erasures, up to the newest: what they name is gone, and may be."""
        numbers = [place.number or 0 for place, _ in self._store.places(folder, self._project)]
        build = keys.erasure if folder == "erasures" else keys.collection
        for number in range(1, max(numbers, default=0) + 1):
            key = build(self._project, number)
            if self._read(key) is None:
                continue
            try:
                found = read_tombstones(self._store.backend, key)
            except (Damaged, ValidationError) as error:
                self.walked.find(key, "damaged", f"no record of {folder}: {error}")
                continue
            for tombstone in found:
                self.walked.tombstones.setdefault(tombstone.key, []).append(tombstone)

    def read_ledger(self) -> None:
        """Every slot up to the newest that is there or that a night has seen, each in its chain."""
        slots = [place.number or 0 for place, _ in self._store.places("ledger", self._project)]
        before: Entry | None = None
        for seq in range(1, max([self._known_entries, *slots]) + 1):
            entry = self._read_entry(keys.ledger(self._project, seq))
            if before and entry:
                self._check_chain(before, entry)
            before = entry

    def check_links(self) -> None:
        """Existence of every key that a record names."""
        for key, source in self.walked.links.items():
            if key not in self.walked.records and not self._store.exists(key):
                self.walked.find(key, "missing", f"{source} names it")

    def _trained_on(self, body: dict[str, Any]) -> Iterator[str]:
        """Keys of the batches and labels that a card's models were trained on.

        A list that cannot be read is a finding of whoever looks at objects.
        """
        is_card = body.get("kind") == Card.kind
        fits = [
            fit
            for part in ("members", "stand_in", "pruned")
            if is_card
            for fit in body.get(part, ())
        ]
        for fit in fits:
            ref = fit.get("trained_on")
            if ref is None or not self._store.exists(ref["key"]):
                continue
            with suppress(Missing, Damaged, ValidationError):
                data = self._store.read_bytes(ObjectRef.model_validate(ref))
                for one in TrainedOn.model_validate_json(data).nights:
                    yield keys.batch(self._project, one.night, one.batch)
                    yield keys.labels(self._project, one.night, one.labels)

    def _read(self, key: str) -> dict[str, Any] | None:
        self._progress(key)
        self.walked.records.add(key)
        try:
            return _intact(key, self._store.backend.read(key))
        except Missing:
            self.walked.find(key, "missing", "other records show that it was there")
        except Damaged as error:
            self.walked.find(key, "damaged", str(error))
        return None

    def _read_entry(self, key: str) -> Entry | None:
        body = self.read_record(key)
        if body is None:
            return None
        try:
            entry = Entry.from_bytes(canonical_json(body), key)
        except (Damaged, ValidationError) as error:
            self.walked.find(key, "damaged", f"no ledger entry: {error}")
            return None
        if entry.version:
            self.walked.links.setdefault(keys.card(self._project, entry.version), key)
        return entry

    def _check_chain(self, before: Entry, entry: Entry) -> None:
        key = keys.ledger(self._project, entry.seq)
        if entry.previous != before.digest:
            self.walked.find(
                key, "damaged", f"names {entry.previous} before it, not {before.digest}"
            )
        if entry.as_of < before.as_of:
            self.walked.find(key, "damaged", f"as_of {entry.as_of} lies before {before.as_of}")


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


def project_of(key: str) -> str | None:
    """The project of a key of the store; None for any other text."""
    try:
        return keys.parse(key).project
    except InvalidName:
        return None
