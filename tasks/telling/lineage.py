"""Lineage in words, as a tree of lines. What it tells is `schemas.lineage`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.batch import SourceFile
from schemas.lineage import (
    FitLineage,
    ModelLineage,
    ModelUse,
    Move,
    NightLineage,
    NightUsed,
    PredictionsLineage,
    Revision,
    ScoredNight,
    Use,
)
from tasks.telling.nights import tell_bad_night

_SHOWN = 5
"""Nights of a training set in full, the newest; `--json` has all of them."""


@dataclass(frozen=True)
class Branch:
    """A line and what stands below it."""

    text: str
    children: tuple["Branch", ...] = ()


def model_tree(told: ModelLineage) -> Branch:
    """A model version: what it did, then each of its models down to the files."""
    return Branch(
        f"{told.project} {told.version}, card {told.card}",
        (
            *_moves(told.moves),
            Branch(f"scored {tell_nights(told.scored)}"),
            _judged(told),
            *map(_fit, told.fits),
        ),
    )


def night_tree(told: NightLineage) -> Branch:
    """A night: its deliveries, its scores, then every model that knows it."""
    models = tuple(map(_model_use, told.models))
    marked = [told.bad] if told.bad else []
    return Branch(
        f"{told.project}, night {told.night}",
        (
            *(Branch(f"marked bad {tell_bad_night(told.project, bad)}") for bad in marked),
            *(_revision("batch", one) for one in told.batches),
            *(_revision("labels", one) for one in told.labels),
            *(Branch(f"scored by {one.version}: {one.key}") for one in told.predictions),
            *(models or (Branch("no stored model knows it"),)),
        ),
    )


def predictions_tree(told: PredictionsLineage) -> Branch:
    """Predictions: their records and batches, then the model that made them."""
    return Branch(
        f"{told.project}, predictions of sha256 {told.sha256}",
        (*map(_scored, told.records), model_tree(told.model)),
    )


def _moves(moves: Sequence[Move]) -> Iterator[Branch]:
    for one in moves:
        yield Branch(f"ledger {one.seq}: {one.action} {one.as_of} by {one.actor}: {one.reason}")
    if not moves:
        yield Branch("never in service: no ledger entry names it")


def _judged(told: ModelLineage) -> Branch:
    if told.judgement is None:
        return Branch("judged by no gate: a person's override")
    return Branch(f"judged on {tell_nights(told.gate)}: {told.judgement}")


def _fit(fit: FitLineage) -> Branch:
    text = (
        f"{fit.role}: {fit.rows:,} rows of {fit.nights} nights, {fit.first_night} to "
        f"{fit.last_night}, training set {fit.training_set[:12]}"
    )
    if fit.trained_on is None:
        return Branch(text, (Branch(f"nights: {fit.gap}"),))
    return Branch(text, tuple(_nights_used(fit.trained_on)))


def _nights_used(used: Sequence[NightUsed]) -> Iterator[Branch]:
    """The newest nights, and every one that was revised or marked bad since the model saw it."""
    shown = [one for one in used[:-_SHOWN] if one.bad or _is_revised(one)] + [*used[-_SHOWN:]]
    for one in reversed(shown):
        files = dict.fromkeys((*one.batch.files, *one.labels.files))
        since = ", revised since" if _is_revised(one) else ""
        since += ", marked bad since" if one.bad else ""
        text = f"{one.night}: {_short(one.batch.key)}, {_short(one.labels.key)}{since}"
        yield Branch(text, tuple(_files(files)))
    if len(used) > len(shown):
        yield Branch(
            f"and {len(used) - len(shown)} more, neither revised nor bad: --json names them"
        )


def _is_revised(one: NightUsed) -> bool:
    return not (one.batch.newest and one.labels.newest)


def _revision(what: str, one: Revision) -> Branch:
    later = "" if one.newest else ", revised since"
    return Branch(f"{what} {one.key}: {one.rows:,} rows{later}", tuple(_files(one.files)))


def _files(files: Iterable[SourceFile]) -> Iterator[Branch]:
    for one in files:
        yield Branch(f"{one.name}, {one.bytes:,} bytes, sha256 {one.sha256}")


def _scored(one: ScoredNight) -> Branch:
    below = (_revision("batch", one.batch),) if one.batch else tuple(_files(one.files))
    return Branch(f"night {one.night}, scored by {one.version}: {one.key}", below)


def _model_use(one: ModelUse) -> Branch:
    return Branch(
        f"model {one.version}",
        (*map(_use, one.uses), *_moves(one.moves), Branch(f"scored {tell_nights(one.scored)}")),
    )


def _use(use: Use) -> Branch:
    if use.role == "gate":
        return Branch("judged on it")
    if use.gap:
        return Branch(f"{use.role}: perhaps trained on it; its nights are {use.gap}")
    return Branch(f"{use.role}: trained on {_short(use.batch)}, {_short(use.labels)}")


def _short(key: str | None) -> str:
    """Folder and revision of a key, whose project and night are said beside it."""
    folder, _, _, name = (key or "").split("/")
    return f"{folder} {name.removesuffix('.json')}"


def tell_nights(nights: Sequence[date]) -> str:
    """How many nights, from the first to the last."""
    if not nights:
        return "no night"
    if len(nights) == 1:
        return f"1 night, {nights[0]}"
    return f"{len(nights)} nights, {nights[0]} to {nights[-1]}"
