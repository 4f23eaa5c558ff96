"""A retrain and a ledger entry in words. Nights are `tasks.telling.nights`."""

from collections.abc import Iterator

from schemas.judgement import Contest, Judgement
from schemas.ledger import Entry
from tasks.telling.evaluated import tell_evaluation
from tasks.telling.examined import tell_alarms, tell_gains
from tasks.telling.line import Line
from tasks.telling.memorised import tell_memorisation
from tasks.telling.self_tests import tell_self_test


def tell_judgement(judgement: Judgement) -> Iterator[Line]:
    """A retrain attempt in full: split, gate numbers, verdicts, leak alarms, features."""
    fit = judgement.challenger
    if fit:
        text = f"{fit.rows:,} rows of {fit.nights} nights, {fit.first_night} to {fit.last_night}"
        yield Line("train", f"{text}, {fit.rounds} rounds")
    if judgement.contest:
        yield Line("gate", tell_gate(judgement.contest))
        if judgement.embargo:
            yield Line("embargo", tell_embargo(judgement.embargo))
        metrics = ", ".join(f"{k} {v:.4f}" for k, v in judgement.contest.metrics.items())
        yield Line("metrics", metrics)
        if judgement.contest.evaluation:
            yield from tell_evaluation(judgement.contest.evaluation)
    for verdict in judgement.verdicts:
        yield Line(verdict.outcome, f"{verdict.gate}: {verdict.sentence}")
    yield from tell_self_test(judgement.self_test)
    yield Line("outcome", judgement.sentence)
    if judgement.examination:
        yield from tell_alarms(judgement.examination)
        yield from tell_gains(judgement.examination)
        yield from tell_memorisation(judgement.examination.memorisation)


def tell_gate(contest: Contest) -> str:
    """On which nights, and on whose rows, both models were judged."""
    nights, held_out = contest.nights, contest.held_out
    if not nights:
        return "no night"
    said = f"{len(nights)} nights, {nights[0].as_of} to {nights[-1].as_of}"
    if held_out is None:
        return said
    rows = sum(night.rows for night in nights)
    return (
        f"{said}: judged on {rows:,} rows of {held_out.groups:,} held-out groups of "
        f"{held_out.column}, which neither judged model knows"
    )


def tell_embargo(nights: int) -> str:
    """Which nights train neither judged model, and why."""
    return (
        f"{nights} night{'s' * (nights > 1)} before the cut train neither judged model: their "
        "labels were not complete when the gate nights began"
    )


def tell_entry(entry: Entry) -> str:
    """A ledger entry in one sentence."""
    what = " ".join(str(part) for part in (entry.action, entry.version, entry.night) if part)
    return f"{entry.seq}. {entry.as_of} {what} by {entry.actor}: {entry.reason}"
