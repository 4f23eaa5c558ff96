"""The ledger of a project: numbered entries, each created only if absent, chained by digest.

The champion is the fold of the entries. Whether an entry *should* be appended is decided
elsewhere; looking only for the champion is `tasks.store.champion`.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from schemas.errors import Conflict, Damaged, Declined, Missing, StoreError
from schemas.ledger import Action, BadNight, Entry, Standing, operation_id
from tasks.store import keys
from tasks.store.ahead import read_ahead
from tasks.store.probe import why_undecidable
from tasks.store.store import Store


def entries(store: Store, project: str) -> tuple[Entry, ...]:
    """All entries in order, the chain checked.

    Raises:
        Damaged: an entry is missing, changed, or does not follow the one before.
    """
    there = store.places("ledger", project)
    read_ahead(store, [key for _, key in there], Entry)
    slots = [place.number or 0 for place, _ in there]
    found = tuple(_entry(store, project, seq) for seq in range(1, max(slots, default=0) + 1))
    fold(found)
    return found


def read_standing(store: Store, project: str) -> Standing:
    """The standing at the newest slot, as of some moment during this call. Errors as `entries`."""
    return fold(entries(store, project))


def fold(entries: Iterable[Entry]) -> Standing:
    """What entries from slot 1 on add up to.

    Raises:
        Damaged: one does not follow the one before.
    """
    standing = Standing()
    for entry in entries:
        _check_follows(standing, entry)
        standing = _after(standing, entry)
        if entry.leads_to not in (None, standing.serving):
            raise Damaged(
                f"{keys.ledger(entry.project, entry.seq)}: it says that {entry.leads_to} follows, "
                f"the entries add up to {standing.serving}; restore it from a backup"
            )
    return standing


def champion_at(entries: Iterable[Entry], as_of: date) -> str | None:
    """The version that scores this night: the champion of the entries made before it."""
    return fold(entry for entry in entries if entry.as_of < as_of).champion


def append(
    store: Store,
    project: str,
    standing: Standing,
    action: Action,
    *,
    as_of: date,
    reason: str,
    actor: str,
    version: str | None = None,
    night: date | None = None,
    judgement: str | None = None,
    judgement_digest: str | None = None,
) -> Entry:
    """Decide in the one slot after `standing`; an entry there with the same operation id is ours.

    An `as_of` before the standing's is raised to it. A promotion that a freeze forbids is refused
    by whoever decides, not here.

    Raises:
        Conflict: the slot went to another decision; judge again on the new standing.
        Damaged: the standing is not one of this ledger's.
        Declined: the store does not create only if absent, so two decisions could both count.
    """
    _check_head(store, project, standing)
    check_decidable(store, project)
    draft = Entry(
        project=project,
        seq=standing.seq + 1,
        previous=standing.head_digest,
        action=action,
        as_of=max(as_of, standing.as_of or as_of),
        version=version,
        night=night,
        judgement=judgement,
        judgement_digest=judgement_digest,
        reason=reason,
        actor=actor,
        operation=operation_id(standing.seq, action, version, night),
    )
    entry = draft.model_copy(update={"leads_to": _after(standing, draft).serving})
    try:
        store.commit(keys.ledger(project, entry.seq), entry)
    except Conflict as conflict:
        return _own_or_lost(store, entry, conflict)
    with suppress(StoreError):  # committed is committed; the next entry writes the hint anew
        mend_hint(store, project)
    return _entry(store, project, entry.seq)


def check_decidable(store: Store, project: str) -> None:
    """That the store can hold a decision. Raises Declined where it cannot."""
    why = why_undecidable(store)
    if why:
        raise Declined(f"{project}: nothing was decided: {why}")


def mend_hint(store: Store, project: str) -> str | None:
    """Have the hint say what the ledger says; what it said instead, None when nothing was wrong.

    Raises:
        Damaged: the ledger itself is not sound. StoreError as of any write.
    """
    standing = read_standing(store, project)
    body = {
        "project": project,
        "champion": standing.champion,
        "frozen": standing.frozen,
        "seq": standing.seq,
        "digest": standing.head_digest,
        "as_of": standing.as_of and standing.as_of.isoformat(),
    }
    said = store.read_hint(project)
    if said == body or not standing.seq:
        return None
    store.put_hint(project, body)
    return "nothing that can be read" if said is None else f"entry {str(said.get('seq'))[:20]!a}"


def _after(standing: Standing, entry: Entry) -> Standing:
    return standing.model_copy(
        update={
            **_effect(standing, entry),
            "seq": entry.seq,
            "head_digest": entry.digest,
            "as_of": entry.as_of,
        }
    )


def _effect(standing: Standing, entry: Entry) -> dict[str, object]:
    match entry.action:
        case "promote" | "rollback":
            return _change_of_champion(standing, entry)
        case "freeze":
            return {"frozen": True, "frozen_reason": entry.reason}
        case "unfreeze":
            return {"frozen": False, "frozen_reason": None}
        case "ack":
            return {"last_ack_seq": entry.seq}
        case "accept":
            return {"accepted": tuple(sorted({*standing.accepted, *filter(None, [entry.night])}))}
        case "mark-bad" | "unmark-bad":
            return {"bad": _change_of_bad_nights(standing, entry)}


def _change_of_bad_nights(standing: Standing, entry: Entry) -> tuple[BadNight, ...]:
    others = [one for one in standing.bad if one.night != entry.night]
    if entry.action == "mark-bad" and entry.night:
        marked = entry.model_dump(include=set(BadNight.model_fields))
        others.append(BadNight.model_validate(marked))
    return tuple(sorted(others, key=lambda one: one.night))


def _change_of_champion(standing: Standing, entry: Entry) -> dict[str, object]:
    effect: dict[str, object] = {"champion": entry.version, "champion_seq": entry.seq}
    previous = standing.previous_champions
    if entry.action == "rollback":
        effect |= {"frozen": True, "frozen_reason": entry.reason}
        if entry.version in previous:  # what it leaves behind is nowhere to go back to
            effect["previous_champions"] = previous[previous.index(entry.version) + 1 :]
    elif standing.champion not in (None, entry.version):
        effect["previous_champions"] = (standing.champion, *previous)
    return effect


def _check_follows(standing: Standing, entry: Entry) -> None:
    key = keys.ledger(entry.project, entry.seq)
    if entry.seq != standing.seq + 1 or entry.previous != standing.head_digest:
        raise Damaged(
            f"{key}: it does not follow slot {standing.seq} (digest {standing.head_digest}), "
            f"it names {entry.previous}: the ledger was changed; restore it from a backup"
        )
    if standing.as_of and entry.as_of < standing.as_of:
        raise Damaged(f"{key}: as_of {entry.as_of} lies before {standing.as_of} of the slot before")


def _check_head(store: Store, project: str, standing: Standing) -> None:
    """Slot n+1 is only ever created after reading slot n, so that there are no gaps."""
    head = _entry(store, project, standing.seq).digest if standing.seq else None
    if head != standing.head_digest:
        key = keys.ledger(project, standing.seq)
        raise Damaged(f"{key}: its digest is {head}, the standing names {standing.head_digest}")


def _own_or_lost(store: Store, entry: Entry, conflict: Conflict) -> Entry:
    winner = _entry(store, entry.project, entry.seq)
    if winner.operation == entry.operation:
        return winner
    what = " ".join(str(part) for part in (winner.action, winner.version, winner.night) if part)
    raise Conflict(
        f"{keys.ledger(entry.project, entry.seq)}: {entry.action} lost the slot to {what!r} "
        f"by {winner.actor!r}; judge again on the new standing"
    ) from conflict


def _entry(store: Store, project: str, seq: int) -> Entry:
    key = keys.ledger(project, seq)
    try:
        return store.record(key, Entry)
    except Missing as error:
        raise Damaged(f"{key}: the slot is empty, later ones are not; restore the entry") from error
