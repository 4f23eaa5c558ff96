"""Tasks that show a night, a retrain or a replay as a page on its Prefect run.

The pages themselves are `tasks.telling`; outside of a flow run there is nowhere to show them.
"""

from schemas.project import Project
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.reproduce import Reproduced
from tasks.step import step


@step
def publish_night(project: Project, night: str) -> None:
    """Show the night under this record's key as the artifact `night-<project>`."""


@step
def publish_retrain(project: Project, key: str) -> None:
    """Show a retrain as the artifact `retrain-<project>`; its judgement's or ledger entry's key."""


@step
def publish_replay(
    project: Project,
    reproduced: Reproduced,
    asked: tuple[Asked, ...],
    lived: Comparison | None,
) -> None:
    """Show what a replay found as the artifact `replay-<project>`."""
