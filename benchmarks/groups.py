"""What held-out groups are worth: honest gains for new customers, and equals that stay out.

    python -m benchmarks.groups

Synthetic nights: each row is of one of some customers, who have a level of their own that no
feature explains, and three features that tell customers apart as a plan or an address does. About
ten minutes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.learning import TREES, Floats
from benchmarks.streams import Indices, day
from schemas.judgement import Contest, GateNight
from schemas.project import Matrix
from tasks.core.held_out import is_held_out
from tasks.core.metrics import row_losses
from tasks.engine.bundles import Bundles
from tasks.families.xgboost import XGBoost
from tasks.gates.better import Better

TRAIN, GATE = 91, 14
TELLING = 3
"""Features from this one on tell customers apart."""

Loss = Callable[[np.ndarray], Floats]
"""What a model loses on each of some rows."""

NEW = 0.5
"""Share of customers who come only after the last gate night."""
RANDOM_TREES = XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2, subsample=0.8)
GAIN_WORLDS, EQUAL_WORLDS = 20, 50
SIZES = ((40, 50), (40, 400), (300, 50), (300, 100), (300, 400))
"""Rows a night, and customers."""


@dataclass(frozen=True)
class World:
    """Rows of nights: features, target, customer, night."""

    name: str
    features: np.ndarray
    target: Floats
    customers: Indices
    nights: Indices

    def held_out(self) -> np.ndarray:
        """The rows of held-out customers, by the rule of a project of this name."""
        return is_held_out(pd.Series(self.customers), self.name)

    def fit(self, rows: np.ndarray, family: XGBoost = TREES, seed: int = 0) -> bytes:
        """The model of some rows."""
        return family.fit(_matrix(self.features[rows]), self.target[rows], "regression", seed)

    def loss(self, model: bytes, rows: np.ndarray) -> Floats:
        """Its squared error on each of some rows."""
        said = TREES.predict(model, _matrix(self.features[rows]))
        return row_losses("regression", self.target[rows], said)


def build_world(seed: int, rows: int, customers: int, effect: float = 1.0) -> World:
    """91 + 14 nights of known customers, then 14 of new ones; a night has a level too."""
    draw = np.random.default_rng(seed)
    everybody = customers + int(NEW * customers)
    own, told = effect * draw.normal(size=everybody), draw.normal(size=(everybody, 3))
    nights = np.repeat(np.arange(TRAIN + 2 * GATE), rows)
    is_new = nights >= TRAIN + GATE
    chosen = draw.integers(0, customers, len(nights))
    chosen[is_new] = draw.integers(customers, everybody, int(is_new.sum()))
    level = np.zeros(TRAIN + 2 * GATE)
    for night in range(1, len(level)):
        level[night] = 0.7 * level[night - 1] + 0.3 * draw.normal()
    plain = draw.normal(size=(len(nights), 3))
    target = plain[:, 0] + 0.5 * plain[:, 1] * plain[:, 2] + own[chosen] + level[nights]
    return World(
        f"world-{seed}",
        np.column_stack([plain, told[chosen]]).astype(np.float32),
        target + draw.normal(size=len(nights)),
        chosen,
        nights,
    )


def _matrix(values: np.ndarray) -> Matrix:
    names = tuple(f"f{place}" for place in range(values.shape[1]))
    return Matrix(names, ("number",) * values.shape[1], values)


def gains(rows: int, customers: int) -> tuple[float, float, float]:
    """Share of the constant's loss that a model saves: by nights alone, held out, new customers."""
    found = []
    for seed in range(GAIN_WORLDS):
        world = build_world(seed, rows, customers)
        held_out, before = world.held_out(), world.nights < TRAIN
        gate = (world.nights >= TRAIN) & (world.nights < TRAIN + GATE)
        new = world.nights >= TRAIN + GATE
        by_night, apart = world.fit(before), world.fit(before & ~held_out)
        known = before & ~held_out
        found.append(
            (
                _saved(world, by_night, before, gate),
                _saved(world, apart, known, gate & held_out),
                _saved(world, by_night, before, new),
            )
        )
    nights, held, new_ones = 100 * np.mean(found, axis=0)
    return float(nights), float(held), float(new_ones)


def _saved(world: World, model: bytes, train: np.ndarray, rows: np.ndarray) -> float:
    prior = (world.target[rows] - world.target[train].mean()) ** 2
    return 1 - float(world.loss(model, rows).sum() / prior.sum())


def equals(rows: int, customers: int) -> tuple[float, float, int]:
    """Equal recipes promoted, %, by t over nights alone and over groups too; the judgements."""
    alone, both = [], []
    for seed in range(EQUAL_WORLDS):
        world = build_world(seed, rows, customers)
        for pair in _equal_pairs(world, seed):
            one, other = (_of(world, model) for model in pair)
            for contest in (_contest(world, one, other), _contest(world, other, one)):
                both.append(_is_better(contest))
                alone.append(_is_better(contest.model_copy(update={"held_out": None})))
    return 100 * float(np.mean(alone)), 100 * float(np.mean(both)), len(both)


def better(rows: int, customers: int) -> float:
    """A recipe that cannot recognise customers promoted over one that does, %.

    It is the better one for new customers in nearly all worlds.
    """
    passed = []
    for seed in range(GAIN_WORLDS):
        world = build_world(seed, rows, customers)
        blind = replace(world, features=world.features[:, :TELLING])
        train = np.flatnonzero((world.nights < TRAIN) & ~world.held_out())
        good, poor = blind.fit(train), world.fit(train)
        passed.append(_is_better(_contest(world, _of(blind, good), _of(world, poor))))
    return 100 * float(np.mean(passed))


def _of(world: World, model: bytes) -> Loss:
    return partial(world.loss, model)


def _equal_pairs(world: World, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Another seed; other nights, drawn again."""
    draw = np.random.default_rng(1_000 + seed)
    known = ~world.held_out()
    train = np.flatnonzero((world.nights < TRAIN) & known)
    yield world.fit(train, RANDOM_TREES, 0), world.fit(train, RANDOM_TREES, 1)
    by_night = [train[world.nights[train] == night] for night in range(TRAIN)]
    first, second = (
        np.concatenate([by_night[night] for night in draw.choice(TRAIN, TRAIN)]) for _ in range(2)
    )
    yield world.fit(first, RANDOM_TREES), world.fit(second, RANDOM_TREES)


def _contest(world: World, challenger: Loss, rival: Loss) -> Contest:
    bundles, nights = Bundles("customer", world.name), []
    held_out = world.held_out()
    for night in range(TRAIN, TRAIN + GATE):
        rows = np.flatnonzero((world.nights == night) & held_out)
        if not len(rows):
            continue
        losses = {"challenger": challenger(rows), "rival": rival(rows)}
        losses["prior"] = np.zeros(len(rows))
        sums = {who: float(lost.sum()) for who, lost in losses.items()}
        nights.append(GateNight(as_of=day(night), rows=len(rows), **sums))
        bundles.add(pd.DataFrame({"customer": world.customers[rows]}), losses)
    return Contest(kind="change", nights=tuple(nights), metrics={}, held_out=bundles.held_out())


def _is_better(contest: Contest) -> bool:
    verdict = Better().judge(contest)
    return verdict is not None and verdict.outcome == "passed"


def main() -> None:
    """Print both tables."""
    honest = Table("rows a night", "customers", "nights alone", "held-out groups", "new customers")
    rates = Table(
        "rows a night", "customers", "t over nights", "and groups", "judged", "blind recipe"
    )
    for rows, customers in SIZES:
        saved = gains(rows, customers)
        honest.add_row(str(rows), str(customers), *(f"{share:.1f}" for share in saved))
        alone, both, judged = equals(rows, customers)
        told = (f"{alone:.1f}", f"{both:.1f}", str(judged), f"{better(rows, customers):.0f}")
        rates.add_row(str(rows), str(customers), *told)
    console = Console()
    console.print("Loss that the model saves over the constant, %", honest)
    console.print(
        "Equal recipes, and one blind to customers, that the change gate promotes, %",
        rates,
    )


if __name__ == "__main__":
    main()
