"""A challenger that waits for approval, in words. Finding it is `tasks.engine.approval`."""

from schemas.judgement import Judgement
from schemas.project import Project
from tasks.engine.approval import find_waiting
from tasks.store import Store
from tasks.telling.content import Content
from tasks.telling.next_steps import approve_command
from tasks.telling.retrains import tell_judgement

_ELSEWHERE = ("outcome", "slices", "note")  # on the retrain's page


def tell_waiting(store: Store, project: Project) -> str | None:
    """What waits and how it is approved, in a line; None where nothing does."""
    waiting = find_waiting(store, project)
    if waiting is None:
        return None
    judged = waiting.judgement
    return f"the {judged.retrain} judged on night {judged.as_of} waits; {approve_command(judged)}"


def ask_for_approval(store: Store, project: Project, key: str) -> Content:
    """The message that a challenger waits, with the numbers of the gates that it passed."""
    judgement = store.record(key, Judgement)
    return Content(
        tone="warning",
        as_of=judgement.as_of,
        headline="a new model waits for approval",
        sentence=f"This {judgement.retrain} passed every other gate; a person has to approve it.",
        meaning="It serves once somebody does, judged again against the champion of that day. A "
        f"newer one takes its place; after {project.policy.max_age} nights it is judged anew.",
        numbers=tuple(
            f"{line.step}: {line.text}"
            for line in tell_judgement(judgement)
            if line.step not in _ELSEWHERE
        ),
        did=("The champion was kept.", *_paused(judgement)),
        commands=(approve_command(judgement), f"driftloop why {project.name} {judgement.as_of}"),
    )


def _paused(judgement: Judgement) -> tuple[str, ...]:
    if judgement.retrain != "change":
        return ()
    return ("Refreshes pause until it is approved, or the edit of the recipe is undone.",)
