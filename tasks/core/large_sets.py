"""Which training sets are never held as a whole. The rule names a model, so it knows no machine.

Reading one in parts is `tasks.engine.large_fit`.
"""

LIMIT = 100_000_000
"""Values (rows times columns of features) above which rows go to the family in parts."""

ROWS = 262_144
"""Rows of a part, at least; a night is never divided."""


def is_large(rows: int, columns: int) -> bool:
    """Whether the training set goes to its family in parts.

    >>> is_large(rows=1_000_000, columns=30), is_large(rows=10_000_000, columns=30)
    (False, True)
    """
    return rows * columns > LIMIT
