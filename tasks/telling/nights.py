"""A night in words: what it did, why, what to type next. Retrains: `tasks.telling.retrains`."""

from collections.abc import Iterator

from schemas.batch import Batch
from schemas.errors import StoreError
from schemas.labels import Labels
from schemas.ledger import BadNight
from schemas.model import Card
from schemas.monitoring import PROVISIONAL_NIGHTS, ColumnDrift
from schemas.night import Alert, Evidence, Night, Quality
from schemas.policy import Policy
from schemas.predictions import Predictions
from tasks.core.quality import NULL_NIGHTS, pool_thin, quality_rules
from tasks.engine.reconcile import entry_for, judgements_for
from tasks.store import Store, keys
from tasks.store.ledger import read_standing
from tasks.telling.cleaning import tell_cleaning, tell_matches, tell_refused_since, tell_standing
from tasks.telling.labels import tell_unusable
from tasks.telling.line import Line
from tasks.telling.probation import roll_back_of, tell_probation
from tasks.telling.reasons import with_commas
from tasks.telling.served import tell_served
from tasks.telling.upcoming import tell_upcoming


def tell_night(store: Store, key: str) -> Iterator[Line]:
    """A night in one line a step, from its data to what was promoted."""
    night = store.record(key, Night)
    yield Line("ingest", _data(store, night))
    if night.batch:
        batch = store.record(night.batch, Batch)
        yield from tell_matches(batch)
        yield from tell_cleaning(batch)
        if batch.refused_since:
            yield Line("refused", tell_refused_since(batch.refused_since))
        yield from (Line("unusual", f"{one.kind}: {one.sentence}") for one in batch.unusual)
    yield from _marked(store, night)
    if night.predictions:
        scored = store.record(night.predictions, Predictions)
        unseen = sum(scored.unseen.values())
        more = f", {unseen} unseen category values" if unseen else ""
        yield Line("score", f"{night.evidence.rows:,} rows by {scored.version}{more}")
    elif night.evidence.unscorable:
        yield Line("score", f"not scored: {night.evidence.unscorable}")
    yield from tell_served(store, night.project, night.as_of)
    if not night.evidence.history:
        yield from tell_standing(store, night)
        yield Line("labels", _labels(night))
        for labels in night.labels:
            yield from tell_unusable(store.record(labels, Labels))
        yield from _watched(store, night)
        if probation := tell_probation(night):
            yield Line("probation", probation)
    yield Line("decide", decision_sentence(night))
    for alert in night.decision.alerts:
        yield Line("alert", f"{alert.sentence} Next: {next_command(night, alert)}")
    yield from tell_upcoming(store, night.project, night.as_of)
    yield from _attempts(store, key, night)


def decision_sentence(night: Night) -> str:
    """The recorded one; of a late revision also what may have led to it besides the night's rows.

    Records keep their words: replays compare them.
    """
    return night.decision.sentence.replace(
        "an earlier night was delivered again", "an earlier night, or a table joined to it, changed"
    )


def _data(store: Store, night: Night) -> str:
    if night.batch is None:
        return {"no_data_yet": "no data yet", "no_data": "no data"}.get(
            night.evidence.data, "no data"
        )
    return with_commas(store.record(night.batch, Batch).sentence)


def _marked(store: Store, night: Night) -> Iterator[Line]:
    bad = read_standing(store, night.project).marked(night.as_of)
    if bad:
        yield Line("marked bad", tell_bad_night(night.project, bad))


def tell_bad_night(project: str, bad: BadNight) -> str:
    """Who marked a night bad and why, and how it is taken back."""
    back = f"driftloop mark-bad {project} {bad.night} --undo --reason ..."
    return f"by {bad.actor}: {bad.reason}; {back}"


def _labels(night: Night) -> str:
    quality = night.evidence.quality
    coverage = "" if quality.coverage is None else f", newest scored night {quality.coverage:.0%}"
    latest = (
        f"complete up to {quality.latest_labels}" if quality.latest_labels else "none complete yet"
    )
    return f"{len(night.labels)} new, {latest}{coverage}"


def _watched(store: Store, night: Night) -> Iterator[Line]:
    evidence = night.evidence
    for fault in evidence.faults:
        yield Line(
            "fault", f"{fault.column}: {fault.kind} {fault.share:.1%}, limit {fault.limit:.1%}"
        )
    yield Line("drift", drift_sentence(evidence))
    known = evidence.quality.state == "known"
    told = quality_sentence(evidence.quality, night.policy) if known else _unknown(store, night)
    yield Line("quality", told)


def _unknown(store: Store, night: Night) -> str:
    """Why realised quality is not judged: how many nights there are, and how many it takes."""
    champion = night.evidence.champion
    if champion is None:
        return "not yet known: there is no champion"
    if night.evidence.quality.state == "not_yet_known":
        return "not yet known: no scored night has matured, one is needed"
    try:
        null = store.record(keys.card(night.project, champion), Card).quality_null
    except StoreError:  # `verify` tells of a damaged card
        return "insufficient"
    return f"insufficient: {len(pool_thin(null))} of {NULL_NIGHTS} matured nights to compare with"


def drift_sentence(evidence: Evidence) -> str:
    """Which columns drifted, or how near the nearest came."""
    drift = evidence.drift
    if not drift.columns:
        why = {
            "not_scored": "not watched tonight",
            "insufficient": f"insufficient data: {drift.reference_nights} of "
            f"{PROVISIONAL_NIGHTS} reference nights",
            "pooled": "a thin night, pooled with the next ones",
        }
        return why.get(drift.state, drift.state)
    drifted = [column for column in drift.columns if column.drifted]
    known = f"{drift.state}, {drift.reference_nights} reference nights"
    if drifted:
        named = ", ".join(_of_limit(column) for column in by_nearness(drifted)[:4])
        return f"{len(drifted)} of {len(by_nearness(drift.columns))} columns: {named} ({known})"
    watched = by_nearness(drift.columns)
    nearest = f"; nearest {_of_limit(watched[0])}" if watched else ""
    return f"none of {len(watched)} columns{nearest} ({known})"


def by_nearness(columns: tuple[ColumnDrift, ...] | list[ColumnDrift]) -> list[ColumnDrift]:
    """Columns that can alarm, the one furthest beyond its threshold, or nearest to it, first."""
    watched = [column for column in columns if column.can_alarm]
    return sorted(watched, key=lambda column: column.distance / column.threshold, reverse=True)


def _of_limit(column: ColumnDrift) -> str:
    return f"{column.column} {column.distance:.3f} of {column.threshold:.3f}"


def quality_sentence(quality: Quality, policy: Policy) -> str:
    """Realised quality of the newest matured nights against what is usual."""
    if quality.state != "known":
        return quality.state.replace("_", " ")
    newest = quality.points[-1]
    counted = ", ".join(
        f"{rule.high} of {min(rule.of, len(quality.points))} nights above z {rule.z:g} "
        f"(alarm at {rule.needed})"
        for rule in quality_rules(quality.points, policy)
    )
    by = f"; by the service's answers on {len(quality.served)} nights" if quality.served else ""
    return f"loss {newest.loss:.4f} on {newest.as_of} (z {newest.z:+.1f}); {counted}{by}"


def _attempts(store: Store, key: str, night: Night) -> Iterator[Line]:
    back = roll_back_of(store, night)
    if back:
        yield Line("roll back", f"{back.version} serves from the next night (ledger {back.seq})")
    for judgement_key, judgement in judgements_for(store, night.project, key):
        yield Line("retrain", judgement.sentence)
        entry = entry_for(store, night.project, judgement_key)
        if entry:
            yield Line(
                "promote", f"{entry.version} serves from the next night (ledger {entry.seq})"
            )


def next_command(night: Night, alert: Alert) -> str:
    """What to type after an alert, in full."""
    # records of a stale champion ask for the status, which shows that alarm itself
    step = "driftloop why" if alert.kind == "stale" else alert.next_step
    command = f"{step} {night.project}"
    if step in _OF_A_NIGHT:
        command += f" {_OF_A_NIGHT[step]}{night.as_of}"
    return f"{command} --reason ..." if step in _WITH_REASON else command


_OF_A_NIGHT = {
    "driftloop why": "",
    "driftloop report": "",
    "driftloop accept": "",
    "driftloop night": "--as-of ",
}
_WITH_REASON = {"driftloop accept", "driftloop ack", "driftloop rollback"}
