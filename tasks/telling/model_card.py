"""A model version's card in words, tables and pictures: a page that defends a promotion.

What it tells was collected by `tasks.engine.model_card`; how good the model is on the gate nights
and since is `.model_quality`. Limits of what is known are told as plainly as the rest.
"""

from collections.abc import Iterator
from typing import Any

from schemas.judgement import Judgement
from schemas.lineage import FitLineage
from schemas.model import Card, Fit
from schemas.model_card import ModelCard
from schemas.quantiles import LEVELS
from tasks.telling.evaluated import evaluation_paper
from tasks.telling.lineage import tell_nights
from tasks.telling.model_examined import curve_of, feature_blocks, memorised_blocks
from tasks.telling.model_limits import what_is_not_known
from tasks.telling.model_quality import gate_blocks, in_service_blocks, tell_quality
from tasks.telling.paper import (
    Block,
    Commands,
    Facts,
    Paper,
    Section,
    Text,
    facts,
    section,
    table,
)
from tasks.telling.retrains import tell_embargo
from tasks.telling.searches import search_sections
from tasks.telling.windows import WINDOW_HEADINGS, window_rows

_SHORT = 12


def model_card_paper(told: ModelCard, about: str = "") -> Paper:
    """The card as a page; `about` is the question where the record does not say it."""
    card = told.card
    return Paper(
        title=f"{card.project} {card.version}",
        lead=f"{_standing(told)} {tell_quality(told.judgement, card.task)}",
        sections=tuple(_sections(told, card.about or about)),
    )


def _sections(told: ModelCard, about: str) -> Iterator[Section]:
    yield from section("What it answers", [_question(told, about)])
    yield from section("What is not known", map(Text, what_is_not_known(told)))
    yield from section("Gate nights", gate_blocks(told.judgement, told.card.task))
    contest = told.judgement.contest if told.judgement else None
    yield from section("Evaluation", evaluation_paper(contest.evaluation if contest else None))
    yield from section("In service", in_service_blocks(told))
    yield from section("Data", _data(told))
    yield from section("Recipe", [facts(_recipe(told))])
    yield from section("Learning curve", curve_of(told))
    yield from search_sections(told)
    yield from section("Features", feature_blocks(told))
    yield from section("Memorising or understanding", memorised_blocks(told))
    yield from section("Where it came from, what came after", [facts(_moves(told))])
    yield from section("Size and software", [facts(_made_of(told.card))])
    yield from section("Next", [Commands(tuple(_next(told)))])


def _standing(told: ModelCard) -> str:
    moves = told.lineage.moves
    if not moves:
        return "It never served."
    if told.replaced is None:
        again = "after a roll-back" if moves[-1].action == "rollback" else "promoted"
        return f"It serves, {again} as of {moves[-1].as_of}."
    return f"It served until {told.replaced.version} took over as of {told.replaced.as_of}."


def _question(told: ModelCard, about: str) -> Facts | None:
    card = told.card
    return facts(
        [
            ("question", about),
            ("predicts", f"{card.target}, {_TASKS.get(card.task, card.task)}"),
            ("classes", _classes(card.members[0])),
            ("made", f"as of {card.as_of}, {_KINDS.get(card.retrain, card.retrain)}"),
        ]
    )


def _classes(fit: Fit) -> str:
    """Those that the served model knows, with their share of its training rows."""
    pairs = zip(fit.classes, fit.rates, strict=True)
    return ", ".join(f"{name} ({rate:.1%})" for name, rate in pairs)


_TASKS: dict[str, str] = {
    "binary": "the probability that it is 1",
    "multiclass": "the probability of each class",
    "regression": "its expected value",
    "count": "the expected count",
    **{name: f"what {level:.0%} of labels do not exceed" for name, level in LEVELS.items()},
}
_KINDS = {
    "first": "a first champion: no model served before",
    "refresh": "a refresh: the recipe of the champion before, on newer nights",
    "change": "a change: another recipe than the champion's before",
}


def _data(told: ModelCard) -> Iterator[Block | None]:
    card, fits = told.card, told.lineage.fits
    yield table(
        ("model", "knows", "rows", "nights", "window"),
        map(_fit_row, fits),
        right=(2, 3),
    )
    judgement = told.judgement
    yield table(WINDOW_HEADINGS, window_rows(judgement), right=(1, 2, 3, 4))
    yield facts(
        [
            ("cut", _cut(judgement)),
            ("embargo", tell_embargo(judgement.embargo) if judgement and judgement.embargo else ""),
            ("groups", _groups(card.stand_in[0], judgement)),
            ("revised", _since(fits[0], "revised")),
            ("marked bad", _since(fits[0], "bad")),
        ]
    )


_ROLES = {
    "served": ("serves", "usable nights"),
    "stand-in": ("was judged", "nights before the cut"),
    "pruned": ("pruned, does not serve", "usable nights"),
}


def _cut(judgement: Judgement | None) -> str:
    cut = judgement.cut if judgement else None
    return f"{cut}: what was judged knows no night from then on" if cut else ""


def _fit_row(fit: FitLineage) -> tuple[str, ...]:
    role, knows = _ROLES[fit.role]
    window = f"{fit.first_night} to {fit.last_night}"
    rows = f"{fit.rows:,}" + (f" in {fit.parts} parts" if fit.parts else "")
    return role, knows, rows, str(fit.nights), window


def _groups(stand_in: Fit, judgement: Judgement | None) -> str:
    if stand_in.without_groups is None:
        return ""
    contest = judgement.contest if judgement else None
    held_out = contest.held_out if contest else None
    number = f"{held_out.groups:,}" if held_out else "a fifth of all"
    return (
        f"{number} groups of {stand_in.without_groups} were held out of the judged model and "
        "judged it; what serves knows all"
    )


def _since(fit: FitLineage, what: str) -> str:
    """Nights that the served model learned from, of which something is known since."""
    used = fit.trained_on or ()
    if what == "bad":
        nights = [one.night for one in used if one.bad]
        return f"since it was trained: {tell_nights(nights)}" if nights else ""
    nights = [one.night for one in used if not (one.batch.newest and one.labels.newest)]
    return f"delivered again since it was trained: {tell_nights(nights)}" if nights else ""


def _recipe(told: ModelCard) -> Iterator[tuple[str, str]]:
    recipe = told.card.recipe
    yield "family", tell_declared(recipe["family"])
    for step in recipe["features"]:
        yield "feature step", tell_declared(step)
    for one in recipe.get("past", ()):
        yield "looks back", tell_declared(one)
    for step in told.cleaning:
        yield "cleaning", step
    yield "columns", ", ".join(recipe["columns"])
    yield "seed", str(recipe["seed"])
    yield "digest", told.card.recipe_digest[:_SHORT]


def tell_declared(dump: dict[str, Any]) -> str:
    """A declaration as people wrote it: its kind, and what it was given."""
    fields = ", ".join(f"{name} {_value(value)}" for name, value in dump.items() if name != "kind")
    return f"{dump['kind']}: {fields}" if fields else str(dump["kind"])


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(_value, value))})"
    if isinstance(value, dict) and "kind" in value:
        return f"({tell_declared(value)})"
    return "none" if value is None else str(value)


def _moves(told: ModelCard) -> Iterator[tuple[str, str]]:
    if told.before:
        yield "before it", told.before
    for move in told.lineage.moves:
        yield f"ledger {move.seq}", f"{move.action} {move.as_of} by {move.actor}: {move.reason}"
    after = told.replaced
    if after:
        yield "after it", f"{after.version}, {after.action} {after.as_of}: {after.reason}"
    yield "judged by", told.lineage.judgement or "no gate: a person's override"
    yield "card", told.lineage.card


def _made_of(card: Card) -> Iterator[tuple[str, str]]:
    model, state = (sum(sizes) for sizes in zip(*map(_sizes, card.members), strict=True))
    yield "model", f"{model:,} bytes, {sum(fit.rounds for fit in card.members)} rounds"
    yield "feature state", f"{state:,} bytes"
    yield "libraries", ", ".join(f"{name} {at}" for name, at in sorted(card.libraries.items()))
    yield "source", f"{card.source[:_SHORT]} of driftloop's features, families and core"
    yield "contract", f"{card.contract[:_SHORT]} with its cleaning"


def _sizes(fit: Fit) -> tuple[int, int]:
    return fit.model.bytes, fit.features.bytes


def _next(told: ModelCard) -> Iterator[str]:
    project, version = told.card.project, told.card.version
    yield f"driftloop lineage {project} {version}"
    yield f"driftloop rebuild {project} {version}"
    other = told.replaced.version if told.replaced else told.before
    if other:
        older, newer = (version, other) if told.replaced else (other, version)
        yield f"driftloop compare {project} {older} {newer}"
    yield f"driftloop contract diff {project} --version {version}"
