"""The column of sample weights: which columns can be one. Who uses it is `tasks.engine.fits`."""

from schemas.contract import Contract, columns_of, is_category, role_of


def check_weight(contract: Contract, name: str) -> None:
    """That each row has a weight from 0 on: the contract quarantines any other.

    Raises:
        ValueError: there is no such column, or it may hold something else.
    """
    column = columns_of(contract).get(name)
    if column is None:
        raise ValueError(f"weight={name!r} is no column of {contract.__name__}")
    if is_category(column) or role_of(column) in {"key", "time"}:
        raise ValueError(f"weight={name!r} is no number; declare it as Series[float]")
    lows = [check.statistics.get("min_value") for check in column.checks if check.statistics]
    if column.nullable or not any(low is not None and low >= 0 for low in lows):
        raise ValueError(
            f"weight={name!r} may be missing or negative: declare it with ge=0 and without "
            "nullable, so that such rows are quarantined"
        )
