"""Tasks of a replay. They read the store and write none; the work is `tasks.engine.replay`."""

from collections.abc import Sequence
from datetime import date

from schemas.project import Project
from schemas.settings import current_settings
from tasks.engine.replay import asked, refits, reproduce
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.reproduce import Reproduced
from tasks.engine.replay.variants import make_variants
from tasks.home import home
from tasks.step import step


@step
def reproduce_decisions(project: Project) -> Reproduced:
    """Every recorded decision computed again, and where it differs."""
    return reproduce.reproduce(home(), project)


@step
def ask_policies(
    project: Project, policies: Sequence[str], first: date | None, last: date | None
) -> tuple[Asked, ...]:
    """What each policy would have asked for under the recorded evidence."""
    variants = make_variants(policies, project.policy)
    return asked.ask(home(), project, variants, first, last)


@step
def live_policies(
    project: Project, policies: Sequence[str], first: date | None, last: date | None
) -> Comparison:
    """Each policy lived through with real fits, which the cache keeps."""
    variants = make_variants(policies, project.policy)
    folder = current_settings().cache / "replay"
    return refits.compare_with_refits(home(), project, variants, folder, first, last)
