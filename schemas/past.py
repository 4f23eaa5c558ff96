"""What a project may ask of earlier nights, for each row. Looking back is `tasks.core.past`."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.declared import Declared

ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class PastNights(Declared):
    """A column made of what earlier nights had of the row's entity; feature steps use it by name.

    `count` is the rows of the entity in the window, `mean` the mean of a number over them, `last`
    its mean on the newest night that has the entity. Of the target only labels that were known when
    the row's night was scored are looked at, never those of its own night. Null where the
    entity was not seen, or a column of `by` is null.
    """

    name: ColumnName
    by: tuple[str, ...] = Field(default=(), description="columns that name the entity; none: all")
    of: str | None = Field(default=None, description="a number of the contract, or the target")
    statistic: Literal["count", "mean", "last"]
    nights: int = Field(default=28, ge=1, le=730, description="width of the window")

    @model_validator(mode="after")
    def _counts_rows_or_means_a_number(self) -> Self:
        if (self.of is None) != (self.statistic == "count"):
            raise ValueError(f"{self.name}: count needs no `of`, mean and last need one")
        return self
