"""What a search proposes that the project file does not say already.

The rules that choose are `tasks.core.rungs` and `tasks.core.searching`.
"""

from collections.abc import Iterator

from schemas.project import Project
from schemas.search import Search
from tasks.engine.searches import KINDS, newest_search
from tasks.store import Store


def proposed(project: Project, search: Search) -> str | None:
    """The family or the parameters that it proposes as a project file writes them, if any.

    Where no family learns more than the constant, nothing is proposed.
    """
    if search.ladder:
        chosen = search.ladder.tried[search.ladder.chosen]
        is_other = chosen.family != project.family.model_dump(mode="json")
        return chosen.declared if is_other and chosen.family["kind"] != "Prior" else None
    if search.tuned and search.tuned.chosen:
        params = search.tuned.trials[search.tuned.chosen].params
        return ", ".join(f"{name}={value!r}" for name, value in params.items())
    return None


def tell_proposals(store: Store, project: Project) -> Iterator[str]:
    """What the newest searches propose, as long as the recipe is the one they were made of."""
    for kind in KINDS:
        search = newest_search(store, project.name, kind)
        told = proposed(project, search) if search else None
        if search and told and search.recipe == project.recipe_digest:
            yield f"{told}, searched as of {search.as_of}: driftloop card {project.name}"
