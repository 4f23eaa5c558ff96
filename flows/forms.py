"""Parameters that several forms share, with their limits. What they mean is in each docstring."""

from typing import Annotated

from pydantic import Field

Reason = Annotated[str, Field(min_length=3, max_length=2000, pattern=r"\S")]
Actor = Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]
Version = Annotated[str, Field(pattern=r"^(v[0-9a-f]{16})?$")]
