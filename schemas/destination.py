"""Where predictions go besides the store: the contract of `deliver=`.

Destinations themselves live one a file under `tasks.destinations`.
"""

from abc import ABC, abstractmethod
from datetime import date

import pandas as pd

from schemas.declared import Declared


class Destination(Declared, ABC):
    """A place that holds the predictions of each night: all of them, or those from before."""

    @abstractmethod
    def told(self, as_of: date) -> str:
        """The place as records and messages name it: no secret, no path of this machine."""

    @abstractmethod
    def put(self, as_of: date, predictions: pd.DataFrame) -> str | None:
        """Replace what is there of this night; twice has no second effect.

        Columns are `as_of`, the contract's key, `prediction` and `model_version`. The sha256 of the
        file that was written is returned, where it is one.

        Raises:
            DriftloopError: they are not there; what was there before still is.
        """
