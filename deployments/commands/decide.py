"""Commands by which a person decides, from promote to mark-bad. Each is a flow as well."""

from typing import Annotated

from cyclopts import Parameter

from deployments.commands.options import Actor, AsOf, DryRun, Json, Reason, Version, actor_name
from schemas.errors import Declined
from schemas.names import check_night


def approve(
    project: str, *, reason: Reason, as_of: AsOf = None, actor: Actor = None, json: Json = False
) -> None:
    """Approve the challenger that waits for it: judged again, it serves when it passes.

    `--as-of` names the night of its retrain, so that you approve what you have looked at.
    """
    from deployments.printing import clean, print_json
    from flows.approve import approve as flow
    from flows.find import find_project
    from tasks.home import home
    from tasks.telling.states import end_of_retrain

    night = check_night(as_of, find_project(project).period) if as_of else None
    key = flow.fn(project, reason, actor_name(actor), night)
    ending = end_of_retrain(home(), key)
    if json:
        print_json({"key": key, "state": ending.name, "sentence": ending.sentence})
    else:
        print(clean(f"{ending.name}: {ending.sentence}"))


def promote(
    project: str,
    *,
    override: Annotated[
        bool, Parameter(negative="", help="Say that you override the gates; required.")
    ] = False,
    reason: Reason,
    version: Version = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Put a model in service without gates: a stored version, or a new fit on all usable nights.

    Retrains promote by themselves when the gates allow it; this is for when you know better.
    """
    from flows.promote import promote as flow

    if not override:
        raise Declined(f"{project}: a person's promotion skips every gate; say so with --override")
    _show(flow.fn(project, reason, actor_name(actor), version or ""), json)


def rollback(
    project: str,
    *,
    reason: Reason,
    version: Version = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Go back to the champion before (or a version) and freeze promotion until you unfreeze it."""
    from flows.rollback import rollback as flow

    _show(flow.fn(project, reason, actor_name(actor), version or ""), json)
    if not json:
        print(f"Promotion is frozen. next: driftloop unfreeze {project} --reason ...")


def freeze(project: str, *, reason: Reason, actor: Actor = None, json: Json = False) -> None:
    """Stop automatic promotion until somebody unfreezes it; everything else goes on."""
    from flows.freeze import freeze as flow

    _show(flow.fn(project, reason, actor_name(actor)), json)


def unfreeze(project: str, *, reason: Reason, actor: Actor = None, json: Json = False) -> None:
    """Allow promotion again."""
    from flows.freeze import unfreeze as flow

    _show(flow.fn(project, reason, actor_name(actor)), json)


def ack(project: str, *, reason: Reason, actor: Actor = None, json: Json = False) -> None:
    """Acknowledge refusals in a row: the breaker closes and attempts are made as usual."""
    from flows.ack import ack as flow

    _show(flow.fn(project, reason, actor_name(actor)), json)


def accept(
    project: str, as_of: str, *, reason: Reason, actor: Actor = None, json: Json = False
) -> None:
    """Accept a faulty night: it trains, judges and is watched from now on like any other."""
    from flows.accept import accept as flow
    from flows.find import find_project

    night = check_night(as_of, find_project(project).period)
    _show(flow.fn(project, night, reason, actor_name(actor)), json)


def mark_bad(
    project: str,
    as_of: str,
    *,
    undo: Annotated[bool, Parameter(negative="", help="Take the mark back.")] = False,
    reason: Reason,
    actor: Actor = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Mark a night bad after the fact: it trains, judges and is compared with no more.

    It says first which models, promotions and predictions the night reached, and then what to do.
    """
    from deployments.marking import mark, take_back
    from flows.find import find_project

    do, night = take_back if undo else mark, check_night(as_of, find_project(project).period)
    do(project, night, reason, actor_name(actor), dry_run=dry_run, json=json)


def _show(entry: object, json: bool) -> None:
    from deployments.printing import clean, print_json
    from schemas.ledger import Entry
    from tasks.telling.retrains import tell_entry

    if not isinstance(entry, Entry):
        raise TypeError(entry)
    if json:
        print_json({**entry.model_dump(mode="json"), "digest": entry.digest})
    else:
        print(clean(tell_entry(entry)))


COMMANDS = {
    "approve": approve,
    "promote": promote,
    "rollback": rollback,
    "freeze": freeze,
    "unfreeze": unfreeze,
    "ack": ack,
    "accept": accept,
    "mark-bad": mark_bad,
}
