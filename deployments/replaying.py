"""A replay in words and numbers: two tables, or JSON. The work is `tasks.engine.replay`."""

from collections.abc import Iterator
from typing import Any

from flows.replay import Replayed
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.moves import Move
from tasks.engine.replay.reproduce import Reproduced

ASKED: tuple[str, ...] = ("POLICY", "NIGHTS", "RETRAINS", "BY CAUSE", "ALARMS", "ROWS x ROUNDS")


def lived_headings(lived: Comparison) -> tuple[str, ...]:
    """Headings of the table of policies that were lived through."""
    measured = (lived.metric.upper().replace("_", " "), "LOSS", "KEPT", "WORST MONTH")
    return ("POLICY", "RETRAINS", "A NIGHT", "BY CAUSE", "REFUSED", "ALARMS", *measured, ASKED[-1])


def tell_reproduced(reproduced: Reproduced) -> Iterator[tuple[str, str]]:
    """Whether the records say what follows from them, and which do not."""
    counted = f"{reproduced.nights} nights and {reproduced.judgements} retrain attempts"
    differing = len({difference.key for difference in reproduced.differences})
    if differing:
        yield "differ", f"{differing} of {counted} are not what follows from them"
    else:
        yield "reproduced", f"{counted}, every decision byte for byte"
    for difference in reproduced.differences:
        yield "differs", f"{difference.key}: {difference.sentence}"
    for note in reproduced.notes:
        yield "unchecked", f"{note.key}: {note.sentence}"


def tell_what_was_done(replayed: Replayed) -> str:
    """What the table below it is about."""
    lived = replayed.lived
    if lived is not None:
        nights = lived.results[0].nights if lived.results else 0
        metric = lived.metric.upper().replace("_", " ")
        kept = f"kept is the share of what nightly retraining gains over never, by {metric}"
        if all(result.kept is None for result in lived.results):
            kept = f"nightly retraining gained nothing over never, by {metric}, so no share is told"
        return f"With refits, {nights} nights from {lived.first} to {lived.last}; {kept}:"
    if not replayed.asked:
        return (
            "No night there was decided, so there is no evidence to try policies on; "
            "--refit with --from also lives through history."
        )
    return (
        "What each policy would have asked for, seeing the recorded evidence (nothing is fitted):"
    )


def tell_faults(lived: Comparison) -> str | None:
    """On how many nights a fault kept a policy from deciding anything, if on any."""
    faulty = {result.policy: result.states.get("Data fault", 0) for result in lived.results}
    named = ", ".join(f"{policy} {nights}" for policy, nights in faulty.items() if nights)
    if not named:
        return None
    return (
        f"Nights with a data fault that nobody accepted ({named}) train nothing and start no "
        "retrain; `driftloop accept` would count them in."
    )


def as_json(replayed: Replayed) -> dict[str, Any]:
    """Everything, for machines."""
    reproduced = replayed.reproduced
    return {
        "project": replayed.project,
        "reproduced": {
            "nights": reproduced.nights,
            "judgements": reproduced.judgements,
            "differences": [vars(difference) for difference in reproduced.differences],
            "notes": [vars(note) for note in reproduced.notes],
        },
        "asked": [_asked_json(asked) for asked in replayed.asked],
        "lived": _lived_json(replayed.lived) if replayed.lived else None,
    }


def _asked_json(asked: Asked) -> dict[str, Any]:
    return {
        "policy": asked.policy,
        "nights": asked.nights,
        "causes": asked.causes,
        "retrains": [_move_json(move) for move in asked.retrains],
        "alarms": [_move_json(move) for move in asked.alarms],
        "row_rounds": asked.row_rounds,
    }


def _move_json(move: Move) -> dict[str, str]:
    return {"as_of": str(move.as_of), "what": move.what, "cause": move.cause}


def _lived_json(lived: Comparison) -> dict[str, Any]:
    return {
        "metric": lived.metric,
        "first": str(lived.first),
        "last": str(lived.last),
        "results": [
            {
                **vars(result),
                "worst_month": vars(result.worst_month) if result.worst_month else None,
                "losses": {str(night): loss for night, loss in result.losses.items()},
                "promoted": [str(night) for night in result.promoted],
            }
            for result in lived.results
        ],
    }
