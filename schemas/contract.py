"""What a data contract says of a column beyond its dtype: its role, unit, meaning, owner.

A contract is a Pandera DataFrameModel in `schemas.datasets`, its columns typed as Python types them
(`Series[int]`, `Series[bool]`, ...); proving rows against it is `tasks.core.checking`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import pandera.pandas as pa
from pandera.api.pandas.components import Column

from schemas.errors import InvalidProject
from schemas.zone import check_zone

Role = Literal["feature", "target", "key", "time", "ignored"]
Contract = type[pa.DataFrameModel]

_OWN = "driftloop"


def column(
    role: Role,
    *,
    meaning: str = "",
    unit: str = "",
    owner: str = "",
    sensitive: bool = False,
    zone: str | None = None,
    **checks: Any,
) -> Any:
    """A Pandera field with driftloop's metadata; `checks` are Pandera's own (ge, isin, ...).

    The time of a row lies in its night, between midnights of the project's `timezone`, or else the
    row is quarantined. `zone` is for a column of times: the IANA name of the zone whose clock wrote
    those that name none (`tasks.core.local_time` says what becomes of skipped and repeated hours).
    Without it such times break their rows.
    """
    own = {
        "role": role,
        "meaning": meaning,
        "unit": unit,
        "owner": owner,
        "sensitive": sensitive,
    }
    if zone is not None:  # or else no key, so that a contract without one keeps its digest
        own["zone"] = check_zone(zone)
    return pa.Field(metadata={_OWN: own}, **checks)


def columns_of(contract: Contract) -> dict[str, Column]:
    """The columns of a row as it is scored, in the order in which they are declared: no label."""
    return {n: column for n, column in _declared(contract).items() if role_of(column) != "target"}


def target_of(contract: Contract) -> Column:
    """The column of the labels, whose rules they are held to once they are known.

    Raises:
        InvalidProject: none or several columns have role `target`.
    """
    declared = _declared(contract)
    return declared[_only(contract, "target", declared)]


def names_of(contract: Contract, role: Role) -> tuple[str, ...]:
    """Names of the columns that have this role."""
    return tuple(name for name, column in columns_of(contract).items() if role_of(column) == role)


def role_of(column: Column) -> Role:
    """What the column is for."""
    role: Role = _own(column)["role"]
    return role


def zone_of(column: Column) -> str | None:
    """The zone of times that are written without one."""
    zone: str | None = _own(column).get("zone")
    return zone


def name_of(contract: Contract, role: Role) -> str:
    """The one column of this role.

    Raises:
        InvalidProject: none or several have it.
    """
    return _only(contract, role, columns_of(contract))


def sensitive_names(contract: Contract) -> frozenset[str]:
    """Columns whose values must not reach reports, logs or pages."""
    return frozenset(n for n, column in columns_of(contract).items() if is_sensitive(column))


def is_sensitive(column: Column) -> bool:
    """Whether the column's values must not reach reports, logs, messages or pages."""
    return bool(_own(column)["sensitive"])


def is_category(column: Column) -> bool:
    """Whether the column holds words rather than numbers (booleans count as numbers)."""
    return str(column.dtype) in {"str", "string", "object", "category"} or str(
        column.dtype
    ).startswith("string")


def check_groups(contract: Contract, groups: str) -> None:
    """That rows can be told apart by this column: a feature, a key or an ignored one.

    Raises:
        ValueError: there is no such column, or it is the time or the target.
    """
    columns = columns_of(contract)
    if groups not in columns:
        why = "is the target" if groups == target_of(contract).name else "is no column"
        raise ValueError(f"groups={groups!r} {why} of {contract.__name__}; name one that rows have")
    if role_of(columns[groups]) == "time":
        raise ValueError(f"groups={groups!r} is the time of a row, and nights judge already")


def check_slices(contract: Contract, names: Sequence[str]) -> None:
    """That these are columns of words whose values may be shown.

    Raises:
        ValueError: one is not there, holds no words, or is sensitive.
    """
    columns = columns_of(contract)
    for name in names:
        if name not in columns:
            raise ValueError(f"slices={name!r} is no column of {contract.__name__}")
        if not is_category(columns[name]):
            raise ValueError(f"slices={name!r} holds no words: declare it as Series[str]")
        if is_sensitive(columns[name]):
            raise ValueError(
                f"slices={name!r} is sensitive: its values would be shown; take it out"
            )


def describe_contract(contract: Contract) -> list[dict[str, Any]]:
    """What rows are held to, as plain JSON; its digest is part of every batch's id."""
    return [_describe(name, column) for name, column in columns_of(contract).items()]


def describe_whole(contract: Contract) -> list[dict[str, Any]]:
    """The same with the target."""
    return [_describe(name, column) for name, column in _declared(contract).items()]


def _describe(name: str, column: Column) -> dict[str, Any]:
    return {
        "name": name,
        "dtype": str(column.dtype),
        "nullable": bool(column.nullable),
        "unique": bool(column.unique),
        "checks": [_describe_check(check) for check in column.checks],
        **_own(column),
    }


def _declared(contract: Contract) -> dict[str, Column]:
    return dict(contract.to_schema().columns)


def _only(contract: Contract, role: Role, columns: dict[str, Column]) -> str:
    names = [name for name, column in columns.items() if role_of(column) == role]
    if len(names) == 1:
        return names[0]
    raise InvalidProject(
        f"contract {contract.__name__}: exactly one column needs role {role!r}, found {names}"
    )


def _own(column: Column) -> dict[str, Any]:
    own: dict[str, Any] | None = (column.metadata or {}).get(_OWN)
    if own is None:
        raise InvalidProject(f"column {column.name!r}: declare it with schemas.contract.column()")
    return own


def _describe_check(check: pa.Check) -> dict[str, Any]:
    statistics = {key: _plain(value) for key, value in (check.statistics or {}).items()}
    return {"name": str(check.name), **statistics}


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, Sequence | set | frozenset):
        return sorted(str(item) for item in value)
    return str(value)
