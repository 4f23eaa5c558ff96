"""Two stored versions on the nights that neither was trained on, and what differs between them.

The models that serve are compared, not their stand-ins; how it is told is `tasks.telling.compared`.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from schemas.batch import Batch
from schemas.compared import Compared, Difference, Gain, GainsOfBoth, NightOfBoth, Side
from schemas.errors import Declined, InvalidName
from schemas.model import Card
from schemas.project import Project
from tasks.core.differences import differing
from tasks.core.gains import CONFIDENCE
from tasks.core.metrics import row_losses, summarise
from tasks.core.paired_nights import PairedNights
from tasks.engine.cards import card_of
from tasks.engine.fits import predict
from tasks.engine.model_card import examined_of
from tasks.engine.records import newest_by_night
from tasks.engine.revive import revive
from tasks.engine.standing import trigger_state
from tasks.engine.training_set import may_know, read_training_set
from tasks.engine.usable import UsableNight, labelled_rows, usable_nights
from tasks.store import Store
from tasks.store.ledger import read_standing

Floats = np.ndarray


def compare(store: Store, project: Project, one: str, other: str) -> Compared:
    """Both versions on all usable nights that neither served model was trained on.

    Raises:
        InvalidName: it is the same version twice.
        NotYet: there is no such version.
        Declined: they answer different questions.
        ModelUnusable: one needs what the project no longer has.
    """
    if one == other:
        raise InvalidName(f"{project.name}: {one} is named twice; name two versions to compare")
    cards = (card_of(store, project.name, one), card_of(store, project.name, other))
    _check_question(cards)
    made_by = [revive(project, card) for card in cards]
    nights = _usable(store, project)
    unseen = [_unseen(store, card, nights) for card in cards]
    both = [night for night in nights if all(night.as_of in seen for seen in unseen)]
    contest = _Contest(store, project)
    for night in both:
        contest.meet(night, cards, made_by)
    examined = [examined_of(store, card) for card in cards]
    sides = zip(cards, unseen, contest.metrics(), strict=True)
    first, second = (_side(card, seen, metrics) for card, seen, metrics in sides)
    return Compared(
        project=project.name,
        task=project.task,
        one=first,
        other=second,
        nights=tuple(contest.nights),
        gain=_gain(contest.nights),
        recipe=tuple(_differences(*(card.recipe for card in cards))),
        data=tuple(_data(store, cards)),
        software=tuple(_differences(*map(_software, cards))),
        gains=tuple(_gains(*(found.examination.gains if found else () for found in examined))),
        gains_of=(
            examined[0].judgement if examined[0] else None,
            examined[1].judgement if examined[1] else None,
        ),
    )


def _check_question(cards: Sequence[Card]) -> None:
    asked = [(card.task, card.target) for card in cards]
    if asked[0] != asked[1]:
        (task, target), (other_task, other_target) = asked
        raise Declined(
            f"{cards[0].project}: {cards[0].version} predicts {target} ({task}), "
            f"{cards[1].version} predicts {other_target} ({other_task}); their losses are not of "
            "one kind, so compare versions that answer the same question"
        )


def _usable(store: Store, project: Project) -> tuple[UsableNight, ...]:
    """Nights that could judge today: labelled in full, neither faulty nor marked bad."""
    newest = max(newest_by_night(store, Batch, project.name), default=None)
    if newest is None:
        return ()
    standing = read_standing(store, project.name)
    left_out = standing.left_out(trigger_state(store, project.name).faulty)
    return usable_nights(store, project, newest, left_out)


def _unseen(store: Store, card: Card, nights: Sequence[UsableNight]) -> frozenset[date]:
    """Those that no member was trained on, by its list or, without one, by its first and last."""
    return frozenset(
        night.as_of
        for night in nights
        if not any(may_know(store, fit, [night.as_of]) for fit in card.members)
    )


class _Contest:
    """Loss sums by night, and the predictions for metrics over all of them."""

    def __init__(self, store: Store, project: Project) -> None:
        self._store, self._project = store, project
        self.nights: list[NightOfBoth] = []
        self._targets: list[Floats] = []
        self._scores: tuple[list[Floats], list[Floats]] = [], []

    def meet(self, night: UsableNight, cards: Sequence[Card], made_by: Sequence[Project]) -> None:
        """Have both score the night's labelled rows, each as it looks back at the past."""
        sums = []
        for card, own, kept in zip(cards, made_by, self._scores, strict=True):
            frame = labelled_rows(self._store, own, night)
            target = frame[self._project.target].to_numpy(dtype=np.float64)
            scores = predict(self._store, own, card.members, frame)
            kept.append(scores)
            sums.append(float(row_losses(self._project.task, target, scores).sum()))
        self._targets.append(target)
        self.nights.append(
            NightOfBoth(as_of=night.as_of, rows=len(target), one=sums[0], other=sums[1])
        )

    def metrics(self) -> tuple[dict[str, float], ...]:
        """Metrics of both; none without a night."""
        if not self._targets:
            return {}, {}
        target, task = np.concatenate(self._targets), self._project.task
        return tuple(summarise(task, target, np.concatenate(scores)) for scores in self._scores)


def _gain(nights: Sequence[NightOfBoth]) -> Gain | None:
    if len(nights) < 2:
        return None
    paired = PairedNights(
        rows=np.array([night.rows for night in nights], dtype=np.float64),
        challenger=np.array([night.other for night in nights]),
        rival=np.array([night.one for night in nights]),
    )
    return Gain(gain=paired.gain, lower=paired.lower(CONFIDENCE), upper=paired.upper(CONFIDENCE))


def _side(card: Card, unseen: frozenset[date], metrics: dict[str, float]) -> Side:
    fit = card.members[0]
    return Side(
        version=card.version,
        as_of=card.as_of,
        rows=fit.rows,
        nights=fit.nights,
        first_night=fit.first_night,
        last_night=fit.last_night,
        unseen=tuple(sorted(unseen)),
        metrics=metrics,
    )


def _differences(one: Any, other: Any) -> Iterator[Difference]:
    for what, left, right in differing(one, other):
        yield Difference(what=what, one=_told(left), other=_told(right))


def _told(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _software(card: Card) -> dict[str, Any]:
    return {
        **card.libraries,
        "driftloop's source": card.source[:12],
        "contract": card.contract[:12],
    }


def _data(store: Store, cards: Sequence[Card]) -> Iterator[Difference]:
    """Nights that one has alone, and nights that both have by different revisions."""
    lists = [read_training_set(store, card.members[0]) for card in cards]
    if lists[0].nights is None or lists[1].nights is None:
        yield Difference(what="nights", one=lists[0].gap or None, other=lists[1].gap or None)
        return
    one, other = ({night.night: night for night in found.nights or ()} for found in lists)
    alone = [sorted(mine.keys() - theirs.keys()) for mine, theirs in ((one, other), (other, one))]
    if any(alone):
        yield Difference(what="nights alone", one=_counted(alone[0]), other=_counted(alone[1]))
    for night in sorted(one.keys() & other.keys()):
        if one[night] != other[night]:
            left, right = (
                f"batch r{x.batch:02d}, labels r{x.labels:02d}" for x in (one[night], other[night])
            )
            yield Difference(what=f"night {night}", one=left, other=right)


def _counted(nights: Sequence[date]) -> str | None:
    if not nights:
        return None
    return f"{len(nights)}, {nights[0]} to {nights[-1]}" if len(nights) > 1 else str(nights[0])


def _gains(one: Sequence[Any], other: Sequence[Any]) -> Iterator[GainsOfBoth]:
    """Features in the order of the larger gain."""
    left, right = ({gain.feature: gain for gain in gains} for gains in (one, other))
    names = dict.fromkeys((*left, *right))
    most = {name: max(x.gain for x in (left.get(name), right.get(name)) if x) for name in names}
    for name in sorted(names, key=lambda name: -most[name]):
        yield GainsOfBoth(feature=name, one=left.get(name), other=right.get(name))
