"""What an ended run is called, and why in one sentence: the badge on the runs page."""

from dataclasses import dataclass

from schemas.batch import Batch
from schemas.judgement import Judgement, Outcome
from schemas.ledger import Entry
from schemas.night import Night
from schemas.radius import BlastRadius
from schemas.upcoming import Upcoming, UpcomingState
from tasks.engine.reconcile import judgements_for
from tasks.engine.standing import newest_night
from tasks.store import Store
from tasks.telling.radius import tell_radius
from tasks.telling.retrains import tell_entry
from tasks.telling.upcoming import upcoming_sentence

_RETRAINS: dict[Outcome, str] = {
    "passed": "Promotion pending",
    "refused": "Kept champion",
    "undecided": "Undecided",
    "waiting": "Waiting for approval",
    "one_class": "One class only",
    "failed": "Kept champion",
    "lost": "Kept champion",
}
_AHEAD: dict[UpcomingState, str] = {
    "predicted": "Predicted",
    "no_rows": "No upcoming rows",
    "refused": "Upcoming rows refused",
    "no_champion": "No champion yet",
    "unscorable": "Champion cannot score",
}
_MOVES = {
    "promote": "Promoted",
    "rollback": "Rolled back",
    "freeze": "Frozen",
    "unfreeze": "Unfrozen",
    "ack": "Acknowledged",
    "accept": "Accepted",
    "mark-bad": "Marked bad",
    "unmark-bad": "Mark taken back",
}


@dataclass(frozen=True)
class Ending:
    """The name of a run's last state and the sentence beside it."""

    name: str
    sentence: str


def end_of_night(store: Store, key: str) -> Ending:
    """The state that the night's decision names."""
    decision = store.record(key, Night).decision
    return Ending(decision.state, decision.sentence)


def end_of_retrain(store: Store, key: str | None) -> Ending:
    """How an attempt ended, by the record that says so; None is no new data."""
    if key is None:
        return Ending(
            "No new data",
            "There is no labelled night, or none newer than those the stand-in was judged on.",
        )
    if key.startswith("ledger/"):
        return end_of_move(store.record(key, Entry))
    judgement = store.record(key, Judgement)
    return Ending(_RETRAINS[judgement.outcome], judgement.sentence)


def end_of_repeat(store: Store, key: str) -> Ending:
    """What was judged already, on the same nights against the same champion."""
    judgement = store.record(key, Judgement)
    return Ending(f"Already decided: {judgement.outcome}", judgement.sentence)


def nothing_due(store: Store, project: str) -> Ending:
    """An event without an undone decision behind it."""
    newest = newest_night(store, project)
    if newest is None:
        return Ending("Nothing due", f"{project} has no night yet.")
    key, night = newest
    done = judgements_for(store, project, key)
    if done:
        sentence = f"What night {night.as_of} decided was carried out: {done[-1][1].sentence}"
    else:
        sentence = f"Night {night.as_of} asked for no retrain: {night.decision.sentence}"
    return Ending("Nothing due", sentence)


def end_of_mark(entry: Entry, radius: BlastRadius) -> Ending:
    """What a night that was marked bad reached, and what to do about it."""
    told = [f"{line.step}: {line.text}" for line in tell_radius(radius)]
    told += [f"next: {command}" for command in radius.way_out.commands]
    return Ending(_MOVES[entry.action], f"{tell_entry(entry)}. {'; '.join(told)}")


def end_of_move(entry: Entry) -> Ending:
    """What a ledger entry did."""
    return Ending(_MOVES[entry.action], tell_entry(entry))


def end_of_readmission(store: Store, batch: str, is_new: bool) -> Ending:
    """What proving stored rows again came to: the batch that holds now, made by this or not."""
    sentence = store.record(batch, Batch).sentence
    return Ending("Re-admitted" if is_new else "Nothing to re-admit", sentence)


def end_of_upcoming(store: Store, key: str) -> Ending:
    """What came of the rows to predict ahead."""
    record = store.record(key, Upcoming)
    return Ending(_AHEAD[record.state], upcoming_sentence(record))
