"""Whether the rows of a night can be cleaned and proved a part at a time, with the same outcome.

Doing so is `tasks.engine.large_night`, which sees to keys, unique over all parts, as well.
"""

from datetime import date

import pandera.pandas as pa

from schemas.contract import Contract, name_of
from schemas.project import Project
from tasks.core.cleaning import steps_of

_CHECKS = frozenset(
    (
        *("equal_to", "not_equal_to", "greater_than", "greater_than_or_equal_to", "less_than"),
        *("less_than_or_equal_to", "in_range", "isin", "notin", "str_matches", "str_contains"),
        *("str_startswith", "str_endswith", "str_length"),
    )
)
"""Pandera's own checks that look at one value at a time."""


def goes_by_row(project: Project, as_of: date) -> bool:
    """Whether no cleaning step of the night and no rule of the contract sees several rows."""
    steps = all(step.by_row for step in steps_of(project.cleaning, as_of))
    return steps and _is_by_row(project.contract)


def _is_by_row(contract: Contract) -> bool:
    schema, key = contract.to_schema(), name_of(contract, "key")
    if schema.checks or schema.parsers or schema.unique:
        return False
    return all(
        (name == key or not column.unique)
        and not column.parsers
        and all(_looks_at_one(check) for check in column.checks)
        for name, column in schema.columns.items()
    )


def _looks_at_one(check: pa.Check) -> bool:
    """A team's own check may be named like one of Pandera's, but has no statistics."""
    return check.element_wise or (check.name in _CHECKS and bool(check.statistics))
