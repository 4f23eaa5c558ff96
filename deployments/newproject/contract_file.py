"""The contract's file: a Pandera model that reads like one that a colleague wrote."""

from collections.abc import Iterator

from deployments.newproject.naming import attribute_names, class_name
from deployments.newproject.python import (
    WIDTH,
    Call,
    Code,
    Named,
    Node,
    comment,
    literal,
    render,
    words,
)
from tasks.inferring.guess import ColumnGuess, Guess

_TYPES = {
    "word": "Series[str]",
    "number": "Series[float]",
    "whole number": "Series[int]",
    "flag": "Series[bool]",
    "time": 'Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]]',
}
_HEAD = '''"""The data contract of {name}, one row of the sample a row.

Lines marked Review were guessed from the sample. Say what columns mean (meaning="...") and who
owns them (owner="..."): alerts and pages repeat it.
"""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.contract import column


class {contract}(pa.DataFrameModel):
    """Ranges are the sample's with room for another unit: a change of unit is a data fault."""
'''


def write_contract(name: str, guess: Guess) -> str:
    """The file's text."""
    names = attribute_names([column.name for column in guess.columns])
    fields = "".join(_field(names[column.name], column, guess) for column in guess.columns)
    left = "".join(
        comment(f"Review: {literal(column)} is not declared: {why}.", 4)
        for column, why in guess.left_out
    )
    return f"{_HEAD.format(name=name, contract=class_name(name))}\n{left}{fields}"


def _field(attribute: str, column: ColumnGuess, guess: Guess) -> str:
    notes = "".join(comment(f"Review: {_sentence(note)}", 4) for note in column.notes)
    head = f"{attribute}: {_type(column)} = "
    call = Call("column", tuple(_arguments(attribute, column, guess)))
    if len(head) + len("    column(") > WIDTH:
        return f"{notes}    {head}(\n        {render(call, 8)}\n    )\n"
    return f"{notes}    {head}{render(call, 4, len(head))}\n"


def _type(column: ColumnGuess) -> str:
    is_number = column.role == "target" and column.kind != "word"
    return "Series[float]" if is_number else _TYPES[column.kind]


def _arguments(attribute: str, column: ColumnGuess, guess: Guess) -> Iterator[Node]:
    yield Code(literal(column.role))
    is_made = column.role == "key" and column.name not in guess.key
    texts = {
        "alias": column.name if attribute != column.name else None,
        "meaning": _shortly("|".join(guess.key)) if is_made else None,
        "unit": column.unit or None,
        "zone": column.zone,
    }
    yield from (Named(name, Code(literal(text))) for name, text in texts.items() if text)
    if column.allowed or (column.role == "target" and column.kind == "flag"):
        yield Named("isin", words(column.allowed) if column.allowed else Code("(0.0, 1.0)"))
    limits = {"ge": column.low, "le": column.high}
    yield from (Named(n, Code(_limit(limit))) for n, limit in limits.items() if limit is not None)
    rules = ("sensitive", "nullable", "unique")
    yield from (Named(rule, Code("True")) for rule in rules if getattr(column, rule))


def _limit(value: float) -> str:
    """Large whole numbers with a sign for each thousand."""
    return f"{int(value):_}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def _shortly(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _sentence(note: str) -> str:
    return note if note.endswith((".", "?")) else f"{note}."
