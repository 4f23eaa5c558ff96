"""The record of one page that shows a night's rows column by column. It decides nothing.

Making one is `tasks.engine.profile`.
"""

from typing import ClassVar

from schemas.period import AsOf
from schemas.record import ObjectRef, Record


class Profile(Record):
    """A batch, by its id, beside the reference sample of a model version, or alone.

    The contract, by its digest, says which columns are sensitive and not shown.
    """

    kind: ClassVar[str] = "profile"

    project: str
    as_of: AsOf
    revision: int
    batch: str
    version: str | None
    contract: str
    page: ObjectRef
