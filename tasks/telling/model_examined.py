"""What the examination of a card's recipe found: curve, features, memorisation.

The rest of the card is `.model_card`.
"""

from collections.abc import Iterator, Sequence

from schemas.examination import FeatureGain
from schemas.model_card import Examined, ModelCard
from tasks.telling.curves import curve_blocks
from tasks.telling.examined import SHOWN, tell_alarms, tell_useless
from tasks.telling.figures import figure
from tasks.telling.memorised import memorisation_paper
from tasks.telling.paper import Block, Table, Text, facts, table
from tasks.telling.pictures.gains import draw_gains


def feature_blocks(told: ModelCard) -> Iterator[Block | None]:
    """Leak alarms and what each feature gains."""
    examined = told.examined
    if examined is None:
        return
    examination = examined.examination
    yield _of_another(told, examined)
    yield facts((line.step, line.text) for line in tell_alarms(examination))
    if examination.gains:
        yield draw_gains(examination.gains[:SHOWN])
        yield _gains(examination.gains)
        yield facts((line.step, line.text) for line in tell_useless(examination))
        yield Text("A gain says what the model uses; it does not say what causes the outcome.")


def memorised_blocks(told: ModelCard) -> Iterator[Block | None]:
    """The memorisation panel."""
    examined = told.examined
    if examined and examined.examination.memorisation:
        yield _of_another(told, examined)
        yield from memorisation_paper(examined.examination.memorisation)


def _of_another(told: ModelCard, examined: Examined) -> Text | None:
    """That a refresh was not examined itself."""
    if examined.judgement == told.lineage.judgement:
        return None
    return Text(
        "A refresh is not examined: this is of the retrain that introduced its recipe, "
        f"{examined.judgement}."
    )


def curve_of(told: ModelCard) -> Iterator[Block | None]:
    """The learning curve."""
    if told.examined and told.examined.examination.gate_nights:
        yield from curve_blocks(told.examined.examination.curve, told.card.task)


def _gains(gains: Sequence[FeatureGain]) -> Table | None:
    headings = ("feature", "loss a row that it saves", "95 % interval over nights")
    rows = [
        (one.feature, figure(one.gain), f"{figure(one.lower)} to {figure(one.upper)}")
        for one in gains
    ]
    return table(headings, rows, right=(1, 2))
