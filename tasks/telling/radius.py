"""What a bad night reached, in lines. Which models these are is `tasks.engine.radius`."""

from collections.abc import Iterator

from schemas.lineage import ModelUse
from schemas.radius import BlastRadius
from tasks.telling.line import Line
from tasks.telling.lineage import tell_nights


def tell_radius(radius: BlastRadius) -> Iterator[Line]:
    """Models, promotions, predictions, the champion, the way out."""
    for model in radius.models:
        yield Line("model", f"{model.version}: {', '.join(map(_use, _roles(model)))}")
    if not radius.models:
        yield Line("models", "none was trained or judged on it")
    for move in (move for model in radius.models for move in model.moves):
        yield Line("promoted", f"{move.version} by ledger {move.seq}, {move.action} {move.as_of}")
    for model in radius.models:
        if model.scored:
            yield Line("predicted", f"{tell_nights(model.scored)}, by {model.version}")
    yield Line("champion", _champion(radius))
    yield Line("way out", radius.way_out.sentence)


def _roles(model: ModelUse) -> Iterator[tuple[str, bool]]:
    """Each role in which it knows the night, and whether that is certain."""
    return ((use.role, not use.gap) for use in model.uses)


def _use(role: tuple[str, bool]) -> str:
    name, is_certain = role
    if name == "gate":
        return "judged on it"
    return f"{name} model {'trained' if is_certain else 'perhaps trained'} on it"


def _champion(radius: BlastRadius) -> str:
    if radius.champion is None:
        return "none yet"
    told = "was trained on it" if radius.is_champion_affected else "was not trained on it"
    uses = [use for m in radius.models if m.version == radius.champion for use in m.uses]
    if radius.is_champion_affected and any(use.gap for use in uses):
        told = "may have been trained on it"
    return f"{radius.champion} {told}"
