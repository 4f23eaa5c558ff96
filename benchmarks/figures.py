"""A measured figure with its limit, one line of a table. Measuring is the modules beside this."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["%", "nights", ""]


@dataclass(frozen=True)
class Figure:
    """One number that was measured. Without a limit it is for information and cannot fail.

    A known miss is explained in docs/decisions.md and fails nothing.
    """

    subject: str
    what: str
    value: float
    unit: Unit = "%"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the value keeps its limit."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @property
    def verdict(self) -> str:
        """What the table says of it."""
        if self.at_most is None and self.at_least is None:
            return "measured"
        if not self.passed:
            return "FAIL"
        return "pass"

    def line(self, row: str) -> str:
        """The figure as a line of the table."""
        limit = ""
        if self.at_most is not None:
            limit = f"<= {self.at_most:g}"
        elif self.at_least is not None:
            limit = f">= {self.at_least:g}"
        value = f"{self.value:.1f} {self.unit}".strip()
        return f"{row:<20} {self.subject:<8} {self.what:<46} {value:>12} {limit:>8}  {self.verdict}"


def percent(count: float, total: float) -> float:
    """A share in percent."""
    return 100 * count / total
