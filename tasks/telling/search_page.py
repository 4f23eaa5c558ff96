"""The page of a search's run: what it proposes, families, trials, learning rates, what to do next.

The blocks are those of the model card (`.searches`, `.tunings`); what is proposed is `.proposals`.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from schemas.project import Project
from schemas.search import Search
from tasks.core.searching import Look
from tasks.engine.searches import Kind, Sought
from tasks.store import Store, keys
from tasks.store.champion import find_serving
from tasks.telling.blocks import in_markdown
from tasks.telling.links import card_link
from tasks.telling.markdown import Page, code, heading, links, page, paragraph, quote
from tasks.telling.proposals import proposed
from tasks.telling.searches import family_blocks
from tasks.telling.states import Ending
from tasks.telling.tunings import rate_blocks, trial_blocks

_WHAT: dict[Kind, str] = {"ladder": "Families", "tuned": "Parameters"}


def no_search_due(looks: Mapping[Kind, Look]) -> Ending:
    """A look after which nothing was searched."""
    told = "; ".join(f"{_WHAT[kind]}: {look.why}" for kind, look in looks.items())
    return Ending("Nothing due", f"No search is due. {told}.")


def end_of_search(store: Store, project: Project, sought: Mapping[Kind, Sought]) -> Ending:
    """The state that says what is proposed, or why nothing could be searched."""
    found = _records(store, sought)
    if not found:
        return Ending("Not yet", _told(found, sought))
    names = [_WHAT[kind] for kind, one in found.items() if proposed(project, one)]
    name = f"{' and '.join(names).capitalize()} proposed" if names else "Recipe confirmed"
    return Ending(name, _told(found, sought))


def search_page(store: Store, project: Project, sought: Mapping[Kind, Sought]) -> Page:
    """What the searches of one run found."""
    ending = end_of_search(store, project, sought)
    sentence = f"{ending.name}. {ending.sentence}"
    return page(sentence, _blocks(store, project, sought))


def _blocks(store: Store, project: Project, sought: Mapping[Kind, Sought]) -> Iterator[str]:
    yield paragraph(
        f"{project.name}: {project.about} Searched on past nights. A search proposes; the project "
        "file stays as it is, and gates judge whatever is taken."
    )
    champion = find_serving(store, project.name).champion
    if champion:
        card = card_link(project.name, champion)
        yield links([("The champion's card, which shows this too", card)])
    for one in _records(store, sought).values():
        yield from _search(one)
    yield from (quote(one.why_not) for one in sought.values() if one.why_not)
    if champion:
        yield heading("Then")
        yield code([f"driftloop card {project.name}"])


def _search(search: Search) -> Iterator[str]:
    if search.ladder:
        yield heading("Families")
        yield from in_markdown(family_blocks(search, search.ladder))
    if search.tuned:
        yield heading("Parameters")
        yield from in_markdown(trial_blocks(search, search.tuned))
        rates = list(in_markdown(rate_blocks(search.tuned, search.task)))
        yield from [heading("Learning rate"), *rates] if rates else []
    yield heading("Next")
    yield from _next(search)
    yield paragraph(f"Record: {keys.search(search.project, search.as_of, search.number)}")


def _next(search: Search) -> Iterator[str]:
    """Sentences as such, for a block of code does not wrap; what is set in is to be copied."""
    for is_code, lines in groupby(search.next, key=lambda line: line.startswith("    ")):
        told = [line.strip() for line in lines]
        yield from [code(told, "python")] if is_code else map(paragraph, told)


def _records(store: Store, sought: Mapping[Kind, Sought]) -> dict[Kind, Search]:
    return {kind: store.record(one.key, Search) for kind, one in sought.items() if one.key}


def _told(found: Mapping[Kind, Search], sought: Mapping[Kind, Sought]) -> str:
    """What was found in sentences; reasons end in what to type, so nothing follows them."""
    why_not = "; ".join(one.why_not for one in sought.values() if one.why_not)
    told = [f"{_WHAT[kind]}: {one.why}" for kind, one in found.items()]
    return " ".join([*told, why_not]).strip()
