"""Retrain attempts as the page shows them: cause, gate numbers with limits, where they ended."""

from collections.abc import Iterator, Sequence

from deployments.demo.facts import Check, Mark, RetrainFact
from schemas.judgement import Judgement, Verdict
from schemas.ledger import Entry
from tasks.store import Store

_EARLY = ("drift", "quality")


def retrain_facts(store: Store, project: str, ledger: Sequence[Entry]) -> tuple[RetrainFact, ...]:
    """Every attempt in order; one that passed and then failed is told once, as it ended."""
    found = [(key, store.record(key, Judgement)) for _, key in store.places("judgements", project)]
    superseded = {judgement.supersedes for _, judgement in found}
    promoted = {entry.judgement: entry for entry in ledger if entry.judgement and entry.version}
    return tuple(
        _fact(judgement, promoted.get(key)) for key, judgement in found if key not in superseded
    )


def _fact(judgement: Judgement, entry: Entry | None) -> RetrainFact:
    contest = judgement.contest
    cause = judgement.cause
    return RetrainFact(
        as_of=judgement.as_of,
        kind=judgement.retrain,
        cause=f"{cause.kind} {cause.subject}".strip(),
        is_early=cause.kind in _EARLY,
        gate_nights=tuple(night.as_of for night in contest.nights) if contest else (),
        checks=tuple(check for verdict in judgement.verdicts for check in _checks(verdict)),
        verdicts=tuple(f"{v.gate} {v.outcome}: {v.sentence}" for v in judgement.verdicts),
        outcome=_outcome(judgement, entry),
        sentence=judgement.sentence,
        version=entry.version if entry else None,
    )


def _checks(verdict: Verdict) -> Iterator[Check]:
    """Numbers with a limit first, then those that only inform."""
    named = sorted(verdict.numbers, key=lambda name: (name not in verdict.limits, name))
    for name in named:
        yield Check(verdict.gate, name, verdict.numbers[name], verdict.limits.get(name))


def _outcome(judgement: Judgement, entry: Entry | None) -> Mark:
    if entry is not None:
        return "early" if judgement.cause.kind in _EARLY else "promoted"
    if judgement.outcome in ("refused", "failed", "undecided"):
        return judgement.outcome
    return "other"
