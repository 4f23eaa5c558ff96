"""What a changed contract means for models and nights that were made under the one before.

Both are as `schemas.contract.describe_whole` tells them. Rows are proved again by
`tasks.engine.readmit`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Described = Mapping[str, Any]
"""One column of a described contract."""

_SAID_ONLY = ("meaning", "owner", "sensitive")
_FLOATS = ("float64", "float32", "int64", "int32", "Int64", "bool", "boolean")


@dataclass(frozen=True)
class Change:
    """One difference. Breaking: the champion cannot score, or nights before cannot train."""

    column: str
    effect: Literal["compatible", "breaking"]
    sentence: str


def compare_contracts(
    before: Sequence[Described], after: Sequence[Described], made_up: Collection[str] = ()
) -> tuple[Change, ...]:
    """The differences, those that break first, in the order of the columns.

    `made_up` are columns that declared cleaning gives to nights before, under their new names.
    """
    old, new = ({str(column["name"]): column for column in one} for one in (before, after))
    changes = [change for name in old if name not in new for change in [_removed(old[name])]]
    changes += [_added(new[name], name in made_up) for name in new if name not in old]
    for name in new:
        if name in old:
            changes += _differences(old[name], new[name], name in made_up)
    return tuple(sorted(changes, key=lambda change: change.effect != "breaking"))


def tell_rules(column: Described) -> str:
    """What a column's values are held to, in short."""
    rules = [_told(check, column) for check in column["checks"]]
    if column["nullable"]:
        rules.append("or null")
    return ", ".join(["unique", *rules] if column["unique"] else rules)


def _removed(column: Described) -> Change:
    name, role = column["name"], column["role"]
    if role == "ignored":
        return Change(name, "compatible", "no longer in the contract; no model sees it")
    if role == "feature":
        return Change(name, "breaking", "gone: a champion that needs it cannot score any more")
    return Change(name, "breaking", f"gone, and it was the column of role {role}")


def _added(column: Described, is_made_up: bool) -> Change:
    name, role = column["name"], column["role"]
    if role == "ignored":
        return Change(name, "compatible", "new; deliveries without it are refused")
    if is_made_up:
        return Change(name, "compatible", "new; cleaning gives it to nights before")
    if role == "feature":
        return Change(
            name,
            "breaking",
            "new: nights before lack it and cannot train; declare Rename or FillDefault in "
            "cleaning, or wait for as many nights as a first champion needs",
        )
    return Change(name, "breaking", f"new column of role {role}")


def _differences(old: Described, new: Described, is_made_up: bool) -> Iterator[Change]:
    name = new["name"]
    if old["role"] != new["role"]:
        is_lost = "feature" in old["role"] or new["role"] != "feature"
        effect: Literal["compatible", "breaking"] = "breaking" if is_lost else "compatible"
        yield Change(name, effect, f"role {old['role']}, now {new['role']}")
    if _kind(old) != _kind(new):
        yield Change(name, "breaking", f"type {old['dtype']}, now {new['dtype']}")
        return
    for what in ("unit", "zone"):
        was, now = (str(one.get(what) or "none") for one in (old, new))
        if was != now:
            how = "; cleaning converts nights before" if is_made_up else ""
            yield Change(
                name, "compatible" if is_made_up else "breaking", f"{what} {was}, now {now}{how}"
            )
    yield from _rules(old, new)
    said = [what for what in _SAID_ONLY if old.get(what) != new.get(what)]
    if said:
        yield Change(name, "compatible", f"{', '.join(said)} changed")


def _kind(column: Described) -> str:
    """Numbers of any width are read alike."""
    dtype = str(column["dtype"])
    return "number" if dtype in _FLOATS else dtype


def _rules(old: Described, new: Described) -> Iterator[Change]:
    """Rules decide which rows are kept from now on; rows that were kept stay what they are."""
    name = new["name"]
    if old["nullable"] != new["nullable"]:
        how = "may be null now" if new["nullable"] else "may not be null any more"
        yield Change(name, "compatible", f"{how}; `driftloop readmit` checks stored nights again")
    gone, come = (
        [_told(check, one) for check in one["checks"] if check not in other["checks"]]
        for one, other in ((old, new), (new, old))
    )
    if gone or come:
        told = f"rule {', '.join(gone) or 'none'}, now {', '.join(come) or 'none'}"
        yield Change(name, "compatible", f"{told}; `driftloop readmit` checks stored nights again")


def _told(check: Mapping[str, Any], column: Described) -> str:
    values = [_value(value, column) for key, value in check.items() if key != "name"]
    return f"{check['name']}({', '.join(values)})"


def _value(value: object, column: Described) -> str:
    """Numbers without quotes, as they were declared: what is described holds them as texts."""
    if isinstance(value, list) and _kind(column) == "number":
        return f"[{', '.join(map(str, value))}]"
    return str(value)
