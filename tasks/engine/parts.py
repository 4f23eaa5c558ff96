"""The parts of a night that is too large to be held as a whole, each cleaned and proved.

What becomes of them is `tasks.engine.large_night`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.batch import Cleaned, Counts
from schemas.contract import name_of, sensitive_names
from schemas.project import Project
from schemas.source import LargeNight
from tasks.core.checking import Proof, Settle, note_torn, prove_rows
from tasks.core.cleaning import Clean, add_cleaned, clean_rows
from tasks.core.local_time import LocalNight
from tasks.core.reasons import Reasons
from tasks.core.refusal import Tally
from tasks.core.repeated_keys import Digests, digest_keys
from tasks.engine.batch_record import conserve
from tasks.engine.keeping.erased import erased_keys
from tasks.store import Store

Positions = npt.NDArray[np.int64]


def _nowhere() -> Positions:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Part:
    """Some rows of the night, cleaned; `start` is the position of the first among all."""

    start: int
    read: int
    erased: int
    clean: Clean


@dataclass(frozen=True)
class Parts:
    """A night's parts; `again` and `torn` are the positions of rows whose keys come twice."""

    store: Store
    project: Project
    as_of: date
    large: LargeNight
    again: Positions = field(default_factory=_nowhere)
    torn: Positions = field(default_factory=_nowhere)

    @property
    def key(self) -> str:
        """The column of keys."""
        return name_of(self.project.contract, "key")

    def read(self) -> Iterator[Part]:
        """Each part without erased rows, cleaned."""
        project, start = self.project, 0
        gone = erased_keys(self.store, project.name)
        sensitive = sensitive_names(project.contract)
        for raw in self.large.read():
            left, erased = gone.leave_out(raw, project.contract)
            clean = clean_rows(left, project.cleaning, self.as_of, sensitive)
            yield Part(start, len(raw), erased, clean)
            start += len(clean.frame)

    def prove(self, part: Part) -> Proof:
        """What is wrong with each row."""
        night = LocalNight(self.as_of, self.project.timezone)
        return prove_rows(part.clean.frame, self.project.contract, night, self._settler(part))

    def _settler(self, part: Part) -> Settle:
        def here(positions: Positions) -> Positions:
            ends = part.start, part.start + len(part.clean.frame)
            return positions[slice(*np.searchsorted(positions, ends))] - part.start

        def settle(frame: pd.DataFrame, key: str, reasons: Reasons) -> npt.NDArray[np.bool_]:
            same = np.zeros(len(frame), dtype=bool)
            same[here(self.again)] = True
            torn = here(self.torn)
            note_torn(torn, key, frame[key], reasons)
            return same

        return settle


@dataclass
class Sums:
    """What the parts come to together."""

    read: int = 0
    erased: int = 0
    tally: Tally = field(default_factory=Tally)
    cleaning: tuple[Cleaned, ...] = ()
    digests: list[Digests] = field(default_factory=list)
    kinds: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, part: Part, proof: Proof, key: str) -> None:
        """Count one more part."""
        self.read += part.read
        self.erased += part.erased
        self.tally += proof.tally
        steps = part.clean.steps
        self.cleaning = tuple(map(add_cleaned, self.cleaning, steps)) if self.cleaning else steps
        for name, values in proof.raw.items():
            self.kinds[str(name)].add(str(values.dtype))
        if key in proof.frame:
            self.digests.append(digest_keys(proof.frame[key]))

    def counts(self, refused: str | None) -> Counts:
        """The counts of the night's record."""
        tally, dropped = self.tally, sum(step.dropped for step in self.cleaning)
        kept = 0 if refused else tally.sound
        aside = tally.rows - tally.deduplicated - kept
        checked = Counts(
            read=tally.rows, kept=kept, quarantined=aside, deduplicated=tally.deduplicated
        )
        return conserve(checked, self.read, self.erased, dropped)
