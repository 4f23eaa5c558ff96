"""Predictions as rows of a table, for whoever asks a database."""

from datetime import date
from typing import Annotated

import pandas as pd
from pydantic import Field, StringConstraints

from schemas.destination import Destination
from tasks.sources.database import Variable, replace_night

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
Table = Annotated[str, StringConstraints(pattern=rf"^{_NAME}(\.{_NAME})?$")]


class ToTable(Destination):
    """A table that is there, with columns `as_of`, the key's, `prediction` and `model_version`.

    Of a multiclass project it has a column `probability_<class>` for each class as well.
    The night's rows are deleted and inserted in one transaction; other nights stay.
    """

    connection: Variable = Field(
        description="name of the environment variable with the database's SQLAlchemy URL"
    )
    table: Table = Field(description="its name, with its schema before a dot if it needs one")

    def told(self, as_of: date) -> str:
        """The table, and the variable that says where it is."""
        return f"table {self.table} of {self.connection}"

    def put(self, as_of: date, predictions: pd.DataFrame) -> None:
        """Replace the night's rows."""
        names = [str(name) for name in predictions.columns]
        values = predictions.astype(object).to_numpy().tolist()
        rows = [dict(zip(names, row, strict=True)) for row in values]
        replace_night(self.connection, self.table, as_of, rows)
