"""What a bad night reached, and the way out, as data to be told. Nothing of it is stored.

`tasks.engine.radius` collects it from the records.
"""

from schemas.lineage import ModelUse
from schemas.period import AsOf
from schemas.record import Value


class WayOut(Value):
    """What to do about the champion: commands in order, `clean` the version that they lead to."""

    sentence: str
    clean: str | None = None
    commands: tuple[str, ...] = ()


class BlastRadius(Value):
    """Models that were trained or judged on a night, their promotions, the nights they scored."""

    project: str
    night: AsOf
    models: tuple[ModelUse, ...]
    champion: str | None
    is_champion_affected: bool
    """Whether the champion was trained on it, or may have been where nobody recorded that."""
    way_out: WayOut
