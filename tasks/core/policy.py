"""The trigger: `(state, evidence) -> (state, decision)`, pure, so that any night can be replayed.

The alarms that feed it are `tasks.core.alarms`; carrying a decision out is the flows' business.
"""

from datetime import date

from schemas.judgement import Cause, Kind
from schemas.night import Decision, Evidence, TriggerState
from schemas.period import between
from schemas.policy import Policy
from tasks.core.alarms import Alarms, alert_key, data_alerts, raise_alarms
from tasks.core.attempts import absorb_attempts
from tasks.core.probation import roll_back_if_worse


def decide(
    state: TriggerState, evidence: Evidence, policy: Policy
) -> tuple[TriggerState, Decision]:
    """What tonight leads to, and what the trigger remembers of it.

    A history night and a late revision of an earlier night start nothing; history alerts nobody
    either, a late revision only of what is wrong with that night's own data.
    """
    state = absorb_attempts(state, evidence)
    alarms = raise_alarms(state, evidence, policy)
    decision = _choose(alarms.state, evidence, policy)
    if evidence.history:
        return alarms.state, decision
    if evidence.late:
        return _tell_late(alarms.state, evidence, decision)
    return _remember(alarms, evidence, decision, policy)


def _choose(state: TriggerState, evidence: Evidence, policy: Policy) -> Decision:
    return (
        roll_back_if_worse(evidence)
        or _blocked(evidence)
        or _first_champion(state, evidence, policy)
        or _recipe_edited(state, evidence, policy)
        or _held_back(evidence)
        or _due(state, evidence, policy)
        or _wait("Nothing due", _next_refresh(state, evidence, policy))
    )


def _blocked(evidence: Evidence) -> Decision | None:
    """States in which nothing trains, whatever else is due."""
    if evidence.history:
        return _wait("History", "history decides nothing")
    if evidence.late:
        return _wait("Late revision", "an earlier night was delivered again; tonight's run decides")
    if evidence.data != "accepted":
        return _wait(_DATA_STATES[evidence.data], "no sound batch, so nothing trains")
    if evidence.faults:
        columns = sorted({fault.column for fault in evidence.faults})
        return _wait(
            "Data fault", f"fix the data of {', '.join(columns)}: a fault starts no retrain"
        )
    if evidence.as_of in evidence.bad:
        return _wait("Marked bad", "a person marked this night bad: it starts no retrain")
    if evidence.frozen:
        return _wait("Frozen", "promotion is frozen until a person unfreezes it")
    return None


_DATA_STATES = {
    "refused": "Batch refused",
    "no_data_yet": "No data yet",
    "no_data": "No data",
}


def _first_champion(state: TriggerState, evidence: Evidence, policy: Policy) -> Decision | None:
    if evidence.champion is not None and evidence.unscorable is None:
        return None
    plan = evidence.plan
    if plan.one_class:
        return _wait("One class only", "the labels hold one value only; more nights are needed")
    waiting = "Champion cannot score" if evidence.unscorable else "No champion yet"
    needed = policy.min_nights + plan.embargo
    if plan.usable < needed or plan.usable_rows < policy.min_rows:
        return _wait(
            waiting,
            f"{plan.usable} of {needed} labelled nights{_under_embargo(plan.embargo)} and "
            f"{plan.usable_rows} of {policy.min_rows} rows for a first champion",
        )
    if plan.groups and plan.cut is None:
        return _wait(waiting, f"no night can judge, {_without_groups(plan.groups)}")
    if not _attempt_due(state, evidence, policy):
        return _wait(waiting, _next_refresh(state, evidence, policy))
    why = evidence.unscorable or "there is no champion and the labelled nights suffice"
    return _retrain(state, evidence, policy, "first", Cause(kind="first"), why)


def _under_embargo(nights: int) -> str:
    return f" ({nights} of them the embargo of the label delay)" if nights else ""


def _without_groups(column: str) -> str:
    return f"for want of rows of held-out groups (a fifth of the values of {column})"


def _recipe_edited(state: TriggerState, evidence: Evidence, policy: Policy) -> Decision | None:
    if evidence.recipe == evidence.champion_recipe:
        return None
    if evidence.recipe == state.refused_recipe:
        return _wait(
            "Change refused",
            "the edited recipe was refused; undo the edit, alter it, or promote --override",
        )
    waiting = state.waiting
    if waiting and (waiting.recipe, waiting.champion) == (evidence.recipe, evidence.champion):
        nights = between(evidence.as_of, waiting.since)
        if nights <= policy.max_age:
            return _wait(
                "Waiting for approval",
                f"the edited recipe passed every other gate on {waiting.since} and waits for a "
                "person's approval; refreshes pause until then",
            )
    if evidence.plan.nights_needed:
        return _wait(
            "Change pending",
            f"the edited recipe needs {evidence.plan.nights_needed} more labelled nights; "
            "refreshes pause until it is judged",
        )
    if _breaker_open(state, policy) and not _attempt_due(state, evidence, policy):
        return _wait("Change pending", _next_refresh(state, evidence, policy))
    why = "the recipe in the project file was edited"
    return _retrain(state, evidence, policy, "change", Cause(kind="change"), why)


def _held_back(evidence: Evidence) -> Decision | None:
    """Reasons for which a due refresh does not start."""
    plan, cut = evidence.plan, evidence.stand_in_cut
    if plan.cut is None or (cut is not None and plan.cut <= cut):
        if plan.groups:
            late = f"too few nights since the stand-in's cut {cut} can judge"
            return _wait("No new data", f"{late}, {_without_groups(plan.groups)}")
        return _wait("No new data", f"no labelled night newer than the stand-in's cut {cut}")
    if plan.gate_nights < 3:
        return _wait("Undecided", f"{plan.gate_nights} of 3 usable gate nights")
    return None


def _due(state: TriggerState, evidence: Evidence, policy: Policy) -> Decision | None:
    fresh = [cause for cause in state.causes if not cause.brought_forward]
    if fresh and not _breaker_open(state, policy):
        kind = fresh[0].kind
        columns = ", ".join(cause.column for cause in fresh if cause.kind == kind)
        cause = Cause(kind=kind, subject=columns)
        return _retrain(state, evidence, policy, "refresh", cause, _brings_forward(kind, columns))
    if _attempt_due(state, evidence, policy):
        age = _nights_since(state.last_attempt, evidence.as_of)
        why = f"{age} nights since the last attempt, one is due every {policy.refresh_every}"
        return _retrain(state, evidence, policy, "refresh", Cause(kind="schedule"), why)
    return None


def _brings_forward(kind: str, subject: str) -> str:
    if kind == "erasure":
        return f"the champion was trained on rows that were erased since ({subject})"
    return f"{kind} alarm{f' on {subject}' if subject else ''} brings the refresh forward"


def _retrain(
    state: TriggerState, evidence: Evidence, policy: Policy, kind: Kind, cause: Cause, why: str
) -> Decision:
    recent = _recent_attempts(state, evidence.as_of, policy)
    if len(recent) >= policy.budget:
        return _wait(
            "Budget spent",
            f"{len(recent)} retrains in {policy.budget_nights} nights, "
            f"limit {policy.budget}: {why}",
        )
    return Decision(
        action="retrain",
        state="Retrain due",
        sentence=f"Retrain ({kind}): {why}.",
        retrain=kind,
        cause=cause,
    )


def _wait(state: str, why: str) -> Decision:
    return Decision(action="wait", state=state, sentence=f"{state}: {why}.")


def _attempt_due(state: TriggerState, evidence: Evidence, policy: Policy) -> bool:
    every = policy.breaker_every if _breaker_open(state, policy) else policy.refresh_every
    age = _nights_since(state.last_attempt, evidence.as_of)
    return age is None or age >= every


def _next_refresh(state: TriggerState, evidence: Evidence, policy: Policy) -> str:
    every = policy.breaker_every if _breaker_open(state, policy) else policy.refresh_every
    age = _nights_since(state.last_attempt, evidence.as_of)
    left = every - (age or 0)
    held = " (breaker open: one attempt a week)" if _breaker_open(state, policy) else ""
    return f"the next attempt is due in {left} night{'s' if left != 1 else ''}{held}"


def _breaker_open(state: TriggerState, policy: Policy) -> bool:
    return state.refused_in_a_row >= policy.breaker


def _nights_since(then: date | None, now: date) -> int | None:
    return None if then is None else between(now, then)


def _recent_attempts(state: TriggerState, as_of: date, policy: Policy) -> tuple[date, ...]:
    return tuple(
        then for then in state.attempts if 0 <= between(as_of, then) < policy.budget_nights
    )


def _remember(
    alarms: Alarms, evidence: Evidence, decision: Decision, policy: Policy
) -> tuple[TriggerState, Decision]:
    """Alarms that are told now are remembered as told, a retrain as the last attempt."""
    state = alarms.state
    new = [alert for alert in alarms.alerts if alert_key(alert) not in state.alerted]
    standing = {alert_key(alert) for alert in alarms.alerts}
    state = state.model_copy(update={"alerted": tuple(sorted(standing))})
    if decision.action == "retrain":
        state = state.model_copy(
            update={
                "last_attempt": evidence.as_of,
                "attempts": (*_recent_attempts(state, evidence.as_of, policy), evidence.as_of),
                "causes": tuple(
                    cause.model_copy(update={"brought_forward": True}) for cause in state.causes
                ),
            }
        )
    return state, decision.model_copy(update={"alerts": tuple(new)})


def _tell_late(
    state: TriggerState, evidence: Evidence, decision: Decision
) -> tuple[TriggerState, Decision]:
    new = [a for a in data_alerts(state, evidence) if alert_key(a) not in state.alerted]
    alerted = {*state.alerted, *map(alert_key, new)}
    state = state.model_copy(update={"alerted": tuple(sorted(alerted))})
    return state, decision.model_copy(update={"alerts": tuple(new)})
