"""Promotions, roll-backs and freezes in words for somebody who has never seen the project."""

from collections.abc import Iterator

from schemas.judgement import Judgement
from schemas.ledger import Entry
from schemas.project import Project
from tasks.store import Store
from tasks.telling.content import Content
from tasks.telling.retrains import tell_judgement


def tell_move(store: Store, project: Project, key: str) -> Content:
    """A ledger entry that people should know of, with the gates' numbers where gates spoke."""
    entry = store.record(key, Entry)
    if entry.action == "promote":
        return _promotion(store, project, entry)
    if entry.judgement:
        return _untrusted(project, entry)
    is_back = entry.action == "rollback"
    what = f"moved the champion back to {entry.version}" if is_back else "froze promotion"
    return Content(
        tone="warning",
        as_of=entry.as_of,
        headline="an earlier model serves again" if is_back else "promotion is frozen",
        sentence=f"{entry.actor} {what}: {entry.reason.rstrip('.')}.",
        meaning="From the next night on it scores instead of the one that served."
        if is_back
        else "The model in service (the champion) stays until somebody unfreezes it.",
        did=("Promotion is frozen: nothing retrains until a person unfreezes it.",),
        commands=(f"driftloop unfreeze {project.name} --reason ...",),
    )


def _untrusted(project: Project, entry: Entry) -> Content:
    """A freeze that no person asked for: the gates of a change failed their self-test."""
    return Content(
        tone="failure",
        as_of=entry.as_of,
        headline="the gates cannot be trusted, promotion is frozen",
        sentence=f"{entry.reason}.",
        meaning="On each edited recipe the gates are tried on challengers whose verdict is known "
        "beforehand. What they say of others counts for nothing while they get those wrong.",
        did=(
            "Promotion is frozen, the champion stays in service, and nothing retrains until a "
            "person unfreezes it.",
        ),
        commands=(
            f"driftloop why {project.name} {entry.as_of}",
            f"driftloop unfreeze {project.name} --reason ...  # once gates= is mended",
        ),
    )


def _promotion(store: Store, project: Project, entry: Entry) -> Content:
    judgement = store.record(entry.judgement, Judgement) if entry.judgement else None
    is_first = judgement is not None and judgement.champion is None
    return Content(
        tone="success",
        as_of=entry.as_of,
        headline="the first model serves" if is_first else "a new model serves",
        sentence=f"Model {entry.version} makes the predictions from the next night on.",
        meaning=_why(judgement, entry),
        numbers=tuple(_numbers(judgement)) if judgement else (),
        did=(f"Promoted it (ledger entry {entry.seq}), as every gate allowed.",)
        if judgement
        else (),
        commands=(
            f"driftloop champion {project.name}",
            f"driftloop rollback {project.name} --reason ...  # if it does worse",
        ),
    )


def _why(judgement: Judgement | None, entry: Entry) -> str:
    if judgement is None:
        return f"{entry.actor} put it in service without gates: {entry.reason.rstrip('.')}."
    cause = judgement.cause
    subject = f" in {cause.subject}" if cause.subject else ""
    return f"It was trained because {_CAUSES[cause.kind]}{subject}."


_CAUSES = {
    "first": "there was no model yet",
    "schedule": "a refresh is due every few nights",
    "drift": "the data drifted",
    "quality": "predictions had become worse",
    "erasure": "rows that the model before was trained on were erased, as recorded",
    "change": "the recipe in the project file was edited",
    "undecided": "an undecided challenger could be judged again",
    "person": "a person asked for it",
}
_STEPS = {"train": "trained on", "gate": "judged on unseen", "metrics": "on these nights"}
_ELSEWHERE = ("outcome", "measured", "slices", "note", "memorised")  # on the retrain's page


def _numbers(judgement: Judgement) -> Iterator[str]:
    for line in tell_judgement(judgement):
        if line.step not in _ELSEWHERE:
            yield f"{_STEPS.get(line.step, f'gate {line.step}')}: {line.text}"
