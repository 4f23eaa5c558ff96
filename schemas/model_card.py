"""What a model card tells beside the record itself, as data. Nothing of it is stored.

The record is `schemas.model.Card`; collecting the rest is `tasks.engine.model_card`.
"""

from schemas.examination import Examination
from schemas.judgement import Judgement
from schemas.lineage import ModelLineage, Move
from schemas.model import Card
from schemas.monitoring import QualityPoint
from schemas.period import AsOf
from schemas.record import Value
from schemas.search import Search


class Examined(Value):
    """The examination of the recipe, and the retrain that it is of: refreshes have none."""

    judgement: str
    examination: Examination


class InService(Value):
    """What became of the version: nights that it scored, and their losses once labels were in.

    `served` are nights whose loss is that of the service's own answers.
    """

    nights: tuple[AsOf, ...] = ()
    rows: int = 0
    points: tuple[QualityPoint, ...] = ()
    served: tuple[AsOf, ...] = ()


class ModelCard(Value):
    """A model version with all that the store says of it."""

    card: Card
    lineage: ModelLineage
    judgement: Judgement | None
    """None where a person promoted it without gates."""
    examined: Examined | None
    cleaning: tuple[str, ...]
    """The steps that the newest night it learned from went through."""
    in_service: InService
    before: str | None
    """Who served before it; None for a first champion, and for a version that never served."""
    replaced: Move | None
    """The ledger entry by which another version took over."""
    searches: tuple[Search, ...] = ()
    """Of families, and of parameters: the newest made by then, else the newest at all."""
