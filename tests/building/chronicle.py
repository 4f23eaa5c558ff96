"""Night records made from evidence alone, decided and committed as in earnest, in no time.

Evidence is built by `tests.tasks.core.evidence`; nights of real rows are `tests.building.world`.
"""

from dataclasses import dataclass, field
from typing import Any

from schemas.batch import Batch, Counts, Failure
from schemas.judgement import Cause, Contest, GateNight, Judgement, Outcome, Verdict
from schemas.ledger import Action
from schemas.night import Night, TriggerState
from schemas.project import Project
from tasks.engine.commit import _commit
from tasks.engine.standing import newest_night, night_of
from tasks.home import home
from tasks.store import Store, keys
from tasks.store.ledger import append, read_standing
from tests.building.project import NAME, build_project
from tests.tasks.core.evidence import RECIPE, build_evidence
from tests.tasks.core.nights import day

VERSIONS = ("v00000000000000aa", "v00000000000000bb")


@dataclass
class Chronicle:
    """A store's nights as a test wants them."""

    project: Project = field(default_factory=build_project)

    @property
    def store(self) -> Store:
        """The store that the environment names."""
        return home()

    def see(self, number: int, *, batch: str | None = None, **fields: Any) -> str:
        """Commit night `number` with this evidence; as it is frozen, nothing trains."""
        follows = newest_night(self.store, NAME)
        state = follows[1].trigger if follows else TriggerState()
        before = night_of(self.store, NAME, day(number))
        evidence = build_evidence(number, **{"frozen": True, **fields})
        return _commit(
            self.store, self.project, evidence, state, follows, before, batch, None, None
        )

    def night(self, key: str) -> Night:
        """The record under a key."""
        return self.store.record(key, Night)

    def refuse(self, number: int, *failures: Failure) -> str:
        """Commit a night whose batch breaks the contract."""
        batch = Batch(
            project=NAME,
            as_of=day(number),
            revision=1,
            id="0" * 64,
            status="refused",
            sentence="Refused: 12 of 40 rows break the contract, limit 5%.",
            files=(),
            contract="0" * 64,
            counts=Counts(read=40, kept=0, quarantined=40, deduplicated=0),
            failures=failures,
        )
        key = keys.batch(NAME, day(number), 1)
        self.store.commit(key, batch)
        return self.see(number, data="refused", rows=0, batch=key)

    def judge(self, night_key: str, outcome: Outcome = "passed") -> str:
        """Commit an attempt that a night's decision caused."""
        as_of = self.night(night_key).as_of
        number = len(self.store.places("judgements", NAME, as_of)) + 1
        standing = read_standing(self.store, NAME)
        nights = tuple(
            GateNight(as_of=day(n), rows=40, challenger=20.0, rival=21.0, prior=30.0)
            for n in range(3)
        )
        judgement = Judgement(
            project=NAME,
            as_of=as_of,
            number=number,
            retrain="refresh",
            cause=Cause(kind="drift", subject="amount", night=night_key),
            attempt=1,
            head=standing.seq,
            champion=standing.champion,
            recipe=RECIPE,
            challenger=None,
            rival=(),
            cut=None,
            contest=Contest(kind="refresh", nights=nights, metrics={"log_loss": 0.5}),
            verdicts=(
                Verdict(gate="not_worse", outcome="passed", sentence="gain +0.01, at most +0.02"),
            ),
            outcome=outcome,
            sentence=f"{outcome.capitalize()} (refresh): not_worse: gain +0.01, at most +0.02.",
        )
        key = keys.judgement(NAME, as_of, number)
        self.store.commit(key, judgement)
        return key

    def move(
        self, action: Action, number: int, version: str | None = None, judgement: str | None = None
    ) -> str:
        """Append to the ledger; the key of the entry."""
        entry = append(
            self.store,
            NAME,
            read_standing(self.store, NAME),
            action,
            as_of=day(number),
            reason="Returns look wrong" if judgement is None else judgement,
            actor="ann" if judgement is None else "nightly",
            version=version,
            judgement=judgement,
        )
        return keys.ledger(NAME, entry.seq)
