"""The page of one retrain, from its records: how it ended, why it began, gates, lineage, next step.

The page of the night that asked for it is `tasks.telling.night_page`.
"""

from collections.abc import Iterator

from schemas.judgement import Cause, Judgement, Verdict
from schemas.ledger import Entry
from schemas.model import Card, Fit
from schemas.project import Project
from tasks.engine.reconcile import entry_for
from tasks.store import Store, keys
from tasks.telling.blocks import in_markdown
from tasks.telling.evaluated import evaluation_blocks
from tasks.telling.examined import alarm_blocks, gain_blocks
from tasks.telling.links import card_link, night_link
from tasks.telling.markdown import (
    Page,
    code,
    heading,
    links,
    page,
    paragraph,
    picture,
    table,
)
from tasks.telling.memorised import memorisation_paper
from tasks.telling.next_steps import after_move, after_retrain
from tasks.telling.pictures.gate_nights import draw_gate_nights
from tasks.telling.retrains import tell_embargo, tell_entry, tell_gate
from tasks.telling.self_tests import self_test_paper

_SHORT_ID = 16


def retrain_page(store: Store, project: Project, key: str) -> Page:
    """The retrain whose end this key names: that of a judgement or of a ledger entry."""
    if keys.parse(key).folder == "ledger":
        entry: Entry | None = store.record(key, Entry)
        judgement_key = entry.judgement if entry else None
    else:
        judgement_key, entry = key, entry_for(store, project.name, key)
    if judgement_key is None:
        return _moved_by_hand(project, store.record(key, Entry))
    judgement = store.record(judgement_key, Judgement)
    sentence = _decision(judgement, entry)
    return page(sentence, _blocks(store, project, judgement_key, judgement, entry))


def _moved_by_hand(project: Project, entry: Entry) -> Page:
    """A promotion without gates has a reason in place of a judgement."""
    blocks = [paragraph(f"{project.name}: {project.about}"), heading("Next")]
    return page(tell_entry(entry), [*blocks, code(after_move(entry))])


def _decision(judgement: Judgement, entry: Entry | None) -> str:
    if entry is None:
        return judgement.sentence
    return f"Promoted {entry.version}, which serves from the next night. {judgement.sentence}"


def _blocks(
    store: Store, project: Project, key: str, judgement: Judgement, entry: Entry | None
) -> Iterator[str]:
    yield paragraph(f"{project.name}, retrain of night {judgement.as_of}: {project.about}")
    yield paragraph(f"Cause: {_cause(judgement.cause)}. Kind: {judgement.retrain}.")
    yield links(_links(project, judgement, entry))
    yield from alarm_blocks(judgement.examination)
    yield from _gates(judgement)
    if judgement.contest:
        yield from evaluation_blocks(judgement.contest.evaluation)
    yield from gain_blocks(judgement.examination)
    if judgement.examination and judgement.examination.memorisation:
        yield heading("Memorising or understanding")
        yield from in_markdown(memorisation_paper(judgement.examination.memorisation))
    yield heading("Lineage")
    yield table(("What", "Which"), _lineage(store, judgement, entry))
    yield heading("Next")
    yield code(after_retrain(judgement, entry))
    yield paragraph(f"Record: {key}")


def _links(
    project: Project, judgement: Judgement, entry: Entry | None
) -> Iterator[tuple[str, str | None]]:
    yield "The night's page", night_link(project.name, judgement.as_of)
    if entry and entry.version:
        yield "The model's card", card_link(project.name, entry.version)


def _cause(cause: Cause) -> str:
    if cause.kind == "person":
        return f"asked for by {cause.actor}"
    about = f" ({cause.subject})" if cause.subject else ""
    asked = f", asked for by night {keys.parse(cause.night).as_of}" if cause.night else ""
    return f"{cause.kind}{about}{asked}"


def _gates(judgement: Judgement) -> Iterator[str]:
    if judgement.verdicts:
        yield heading("Gates")
        yield table(
            ("Gate", "Verdict", "What it says", "Numbers and limits"),
            [_verdict_row(verdict) for verdict in judgement.verdicts],
        )
    yield from in_markdown(self_test_paper(judgement.self_test))
    if judgement.contest and judgement.contest.nights:
        yield heading(f"The {len(judgement.contest.nights)} gate nights")
        yield picture(draw_gate_nights(judgement.contest.nights))
        if judgement.contest.held_out:
            yield paragraph(f"{tell_gate(judgement.contest)}.")
        yield paragraph(f"The challenger on them: {_numbers(judgement.contest.metrics, {})}.")


def _verdict_row(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.gate,
        verdict.outcome,
        verdict.sentence,
        _numbers(verdict.numbers, verdict.limits),
    )


def _numbers(values: dict[str, float], limits: dict[str, float]) -> str:
    """What has a limit comes first."""
    ordered = sorted(values, key=lambda name: name not in limits)
    return ", ".join(
        f"{name.replace('_', ' ')} {values[name]:.4g}"
        + (f" (limit {limits[name]:g})" if name in limits else "")
        for name in ordered
    )


def _lineage(store: Store, judgement: Judgement, entry: Entry | None) -> Iterator[tuple[str, str]]:
    yield "Champion before", judgement.champion or "none"
    if judgement.challenger:
        yield "Challenger", _fit(judgement.challenger)
        yield "Its cut", str(judgement.challenger.cut)
    if judgement.embargo:
        yield "Embargo", tell_embargo(judgement.embargo)
    if judgement.rival:
        yield "Stand-in met", ", ".join(fit[:_SHORT_ID] for fit in judgement.rival)
    yield "Recipe", judgement.recipe[:_SHORT_ID]
    if entry and entry.version:
        card = store.record(keys.card(judgement.project, entry.version), Card)
        yield "New champion", f"{card.version}, ledger {entry.seq}"
        yield "Refitted on", _fit(card.members[0])
        yield "Distance from the challenger judged", f"{card.agreement:.4f}"


def _fit(fit: Fit) -> str:
    return (
        f"{fit.id[:_SHORT_ID]}: {fit.rows:,} rows of {fit.nights} nights, {fit.first_night} to "
        f"{fit.last_night}, {fit.rounds} rounds"
        + (f", without the held-out groups of {fit.without_groups}" if fit.without_groups else "")
    )
