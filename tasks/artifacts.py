"""Tasks that show a night, a retrain, a replay or a search as a page on its Prefect run.

The pages themselves are `tasks.telling`. Outside of a flow run there is nowhere to show them, and
inside of one a page that cannot be shown is no reason for the run to fail.
"""

from collections.abc import Callable, Mapping

from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from schemas.project import Project
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.reproduce import Reproduced
from tasks.engine.searches import Kind, Sought
from tasks.home import home
from tasks.step import step
from tasks.telling.escape import clean
from tasks.telling.markdown import Page
from tasks.telling.night_page import night_page
from tasks.telling.replay_page import replay_page
from tasks.telling.retrain_page import retrain_page
from tasks.telling.search_page import search_page


@step
def publish_night(project: Project, night: str) -> None:
    """Show the night under this record's key as the artifact `night-<project>`."""
    _show(f"night-{project.name}", lambda: night_page(home(), project, night))


@step
def publish_retrain(project: Project, key: str) -> None:
    """Show a retrain as the artifact `retrain-<project>`; its judgement's or ledger entry's key."""
    _show(f"retrain-{project.name}", lambda: retrain_page(home(), project, key))


@step
def publish_replay(
    project: Project,
    reproduced: Reproduced,
    asked: tuple[Asked, ...],
    lived: Comparison | None,
) -> None:
    """Show what a replay found as the artifact `replay-<project>`."""
    _show(f"replay-{project.name}", lambda: replay_page(project.name, reproduced, asked, lived))


@step
def publish_search(project: Project, sought: Mapping[Kind, Sought]) -> None:
    """Show what a search found as the artifact `search-<project>`."""
    _show(f"search-{project.name}", lambda: search_page(home(), project, sought))


def _show(key: str, make: Callable[[], Page]) -> None:
    if FlowRunContext.get() is None:
        return
    try:
        page = make()
        create_markdown_artifact(page.markdown, key=key, description=page.sentence)
    except Exception as error:  # noqa: BLE001 - whatever a page or a server does, the night goes on
        why = clean(f"{type(error).__name__}: {error}", longest=300)
        get_run_logger().warning("The artifact %s could not be made (%s).", key, why)
