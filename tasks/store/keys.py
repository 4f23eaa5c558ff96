"""Every key of the store, built from validated names and parsed back.

What stands under a key is read and written by `tasks.store.store`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from schemas.errors import InvalidName
from schemas.names import check_name, check_night

Revised = Literal["batches", "labels", "nights", "predictions", "served", "upcoming", "profiles"]
Nightly = Literal[Revised, "judgements", "alerts", "searches"]
Numbered = Literal["ledger", "collections", "erasures"]
Folder = Literal[Nightly, Numbered, "models", "data"]
Suffix = Literal["parquet", "ubj", "json", "safetensors", "html.gz"]

FOLDERS: tuple[Folder, ...] = (
    *("batches", "labels", "judgements", "nights", "models", "predictions", "ledger", "alerts"),
    *("served", "upcoming", "profiles", "searches", "collections", "erasures", "data"),
)
COMMITS: tuple[Folder, ...] = FOLDERS[:-1]
"""The folders whose objects are commit records."""
TOMBSTONES: tuple[Folder, ...] = ("collections", "erasures")
"""The folders whose records name objects that were deleted."""
SUFFIXES: tuple[Suffix, ...] = get_args(Suffix)
PROBES = "probe/"
"""Where probes write; nothing there belongs to a project."""
VERSION_RULE = "v[0-9a-f]{16}"
SHA256_RULE = "[0-9a-f]{64}"
_SUFFIX_RULE = "|".join(map(re.escape, SUFFIXES))

_REVISED: tuple[Revised, ...] = get_args(Revised)
_COUNTED: tuple[Folder, ...] = ("judgements", "alerts", "searches")
_NIGHTLY = r"(?P<as_of>[0-9TW-]{8,13})/r(?P<number>[0-9]+)"
_RESTS: dict[Folder, str] = {
    **dict.fromkeys(_REVISED, rf"{_NIGHTLY}\.json"),
    **dict.fromkeys(_COUNTED, r"(?P<as_of>[0-9TW-]{8,13})/(?P<number>[0-9]+)\.json"),
    "ledger": r"(?P<number>[0-9]+)\.json",
    "collections": r"(?P<number>[0-9]+)\.json",
    "erasures": r"(?P<number>[0-9]+)\.json",
    "models": rf"(?P<version>{VERSION_RULE})/card\.json",
    "data": rf"(?P<sha256>{SHA256_RULE})\.(?P<suffix>{_SUFFIX_RULE})",
}


_NUMBERS: dict[Folder, str] = {
    **dict.fromkeys((*_COUNTED, "collections", "erasures"), "number"),
    "ledger": "seq",
}
"""The field that the number of a key stands in, where it is no revision."""


@dataclass(frozen=True)
class Place:
    """What a key says. `number` is a revision, an attempt, a round or a slot, by folder."""

    folder: Folder
    project: str
    as_of: date | None = None
    number: int | None = None
    version: str | None = None
    sha256: str | None = None
    suffix: str | None = None

    def contradiction(self, fields: Mapping[str, object]) -> str | None:
        """Where a record's own fields say that it belongs under another key."""
        number = _NUMBERS.get(self.folder, "revision")
        mine = {
            "project": self.project,
            "as_of": self.as_of,
            "version": self.version,
            number: self.number,
        }
        for name, value in mine.items():
            said = fields.get(name)
            if value is not None and said is not None and str(said) != str(value):
                return f"its {name} is {str(said)[:80]!a}, its key says {value}"
        return None


def batch(project: str, as_of: date, revision: int) -> str:
    """`batches/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("batches", project, as_of, f"r{_number(revision, 2)}.json")


def labels(project: str, as_of: date, revision: int) -> str:
    """`labels/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("labels", project, as_of, f"r{_number(revision, 2)}.json")


def night(project: str, as_of: date, revision: int) -> str:
    """`nights/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("nights", project, as_of, f"r{_number(revision, 2)}.json")


def predictions(project: str, as_of: date, revision: int) -> str:
    """`predictions/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("predictions", project, as_of, f"r{_number(revision, 2)}.json")


def served(project: str, as_of: date, revision: int) -> str:
    """`served/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("served", project, as_of, f"r{_number(revision, 2)}.json")


def upcoming(project: str, as_of: date, revision: int) -> str:
    """`upcoming/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("upcoming", project, as_of, f"r{_number(revision, 2)}.json")


def profile(project: str, as_of: date, revision: int) -> str:
    """`profiles/<project>/<as_of>/r<NN>.json`; the first revision is 1."""
    return _nightly("profiles", project, as_of, f"r{_number(revision, 2)}.json")


def judgement(project: str, as_of: date, attempt: int) -> str:
    """`judgements/<project>/<as_of>/<NN>.json`; the first attempt is 1."""
    return _nightly("judgements", project, as_of, f"{_number(attempt, 2)}.json")


def delivery(project: str, as_of: date, number: int) -> str:
    """`alerts/<project>/<as_of>/<NN>.json`; the first round of a night is 1."""
    return _nightly("alerts", project, as_of, f"{_number(number, 2)}.json")


def search(project: str, as_of: date, number: int) -> str:
    """`searches/<project>/<as_of>/<NN>.json`; the first search of a night is 1."""
    return _nightly("searches", project, as_of, f"{_number(number, 2)}.json")


def ledger(project: str, seq: int) -> str:
    """`ledger/<project>/<seq>.json`, twelve digits; the first slot is 1."""
    return f"{prefix('ledger', project)}{_number(seq, 12)}.json"


def collection(project: str, number: int) -> str:
    """`collections/<project>/<NN>.json`; the first is 1."""
    return f"{prefix('collections', project)}{_number(number, 2)}.json"


def erasure(project: str, number: int) -> str:
    """`erasures/<project>/<NN>.json`; the first is 1."""
    return f"{prefix('erasures', project)}{_number(number, 2)}.json"


def card(project: str, version: str) -> str:
    """`models/<project>/<version>/card.json`."""
    return (
        f"{prefix('models', project)}{_matching(VERSION_RULE, version, 'model version')}/card.json"
    )


def data(project: str, sha256: str, suffix: Suffix) -> str:
    """`data/<project>/<sha256>.<suffix>`, named after its own content."""
    name = _matching(SHA256_RULE, sha256, "sha256")
    return f"{prefix('data', project)}{name}.{_matching(_SUFFIX_RULE, suffix, 'suffix')}"


def champion(project: str) -> str:
    """`champion/<project>.json`, the hint for simple consumers."""
    return f"champion/{check_name(project, 'project')}.json"


def probe(run: str, number: int) -> str:
    """`probe/<run>-<NN>`, what `tasks.store.probe` tries out and takes away again."""
    return f"{PROBES}{_matching('[0-9a-f]{16}', run, 'probe')}-{number:02d}"


def prefix(folder: Folder, project: str, as_of: date | None = None) -> str:
    """What the keys of a project in a folder, or of one of its nights, begin with."""
    start = f"{folder}/{check_name(project, 'project')}/"
    return start if as_of is None else f"{start}{_date(as_of)}/"


@lru_cache(maxsize=100_000)  # a night lists the same folders many times
def parse(key: str) -> Place:
    """What the key says.

    >>> parse("batches/flights/2013-01-02/r100.json").number
    100

    Raises:
        InvalidName: this module would not have built the key (the hint's key is no place either).
    """
    for folder, rest in _RESTS.items():
        match = re.fullmatch(rf"{folder}/(?P<project>[^/]+)/{rest}", key)
        if match:
            place = _place(folder, match.groupdict())
            if _build(place) == key:
                return place
    raise InvalidName(f"{key[:200]!a} is no key of the store")


def _build(place: Place) -> str:
    match place:
        case Place(folder="ledger", number=int(seq)):
            return ledger(place.project, seq)
        case Place(folder="collections", number=int(number)):
            return collection(place.project, number)
        case Place(folder="erasures", number=int(number)):
            return erasure(place.project, number)
        case Place(folder="models", version=str(version)):
            return card(place.project, version)
        case Place(folder="data", sha256=str(sha256), suffix=str(suffix)):
            return data(place.project, sha256, suffix)  # type: ignore[arg-type]  # checked inside
        case Place(as_of=date() as as_of, number=int(number)) if place.folder in _COUNTED:
            return _nightly(place.folder, place.project, as_of, f"{_number(number, 2)}.json")
        case Place(as_of=date() as as_of, number=int(revision)):
            return _nightly(place.folder, place.project, as_of, f"r{_number(revision, 2)}.json")
    raise InvalidName(f"{place} lacks a part of its key")


def _place(folder: Folder, found: dict[str, str]) -> Place:
    as_of, number = found.get("as_of"), found.get("number")
    return Place(
        folder,
        found["project"],
        as_of=check_night(as_of) if as_of else None,
        number=int(number[:18]) if number else None,
        version=found.get("version"),
        sha256=found.get("sha256"),
        suffix=found.get("suffix"),
    )


def _nightly(folder: Folder, project: str, as_of: date, name: str) -> str:
    return f"{prefix(folder, project, as_of)}{name}"


def _date(as_of: date) -> str:
    written = as_of.isoformat()
    check_night(written)  # refuses a mere datetime, which is a date to the type checker
    return written


def _number(number: int, digits: int) -> str:
    if number < 1:
        raise InvalidName(f"number {number} is refused: revisions, attempts and slots start at 1")
    return f"{number:0{digits}d}"


def _matching(rule: str, text: str, what: str) -> str:
    if re.fullmatch(rule, text):
        return text
    raise InvalidName(f"{what} {text[:80]!a} is refused: expected {rule}")
