"""Python names for columns, contracts and their files, whatever the data calls them."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Sequence

import pandera.pandas as pa

_TAKEN = frozenset(
    (
        *dir(pa.DataFrameModel),
        *dir(builtins),
        *keyword.softkwlist,
        *("Annotated", "Series", "column", "pa", "pd", "np"),
        *("Config", "schema", "validate"),
    )
)
"""What a column of a contract must not be called: it would hide what the contract needs."""
_CLASSES = frozenset(
    (
        *("Annotated", "BeatsPrior", "Better", "Calendar", "Categories", "Files", "KeepOne"),
        *("NormaliseWords", "NotWorse", "NullSentinels", "Numbers", "Policy", "Project", "Series"),
        *("Sql", "XGBoost"),
    )
)
_LONGEST = 40


def attribute_names(columns: Sequence[str]) -> dict[str, str]:
    """A Python name for each column: its own where that can be, else one like it.

    >>> attribute_names(["price", "class", "sold at", "sold-at"])
    {'price': 'price', 'class': 'class_', 'sold at': 'sold_at', 'sold-at': 'sold_at_2'}
    """
    kept = {name: name for name in columns if _can_be(name)}
    used = set(kept.values())
    for name in columns:
        if name not in kept:
            kept[name] = _free(_like(name), used)
            used.add(kept[name])
    return {name: kept[name] for name in columns}


def class_name(project: str) -> str:
    """The contract's name: `Sales` of `sales`, and never one that a project file imports."""
    name = "".join(part.capitalize() for part in project.split("-"))
    if not name.isidentifier():
        name = f"The{name}"
    taken = name in _CLASSES or keyword.iskeyword(name) or hasattr(builtins, name)
    return f"{name}Rows" if taken else name


def contract_module(project: str) -> str:
    """The contract's module beside the project file; its underscore says that it is no project."""
    name = f"{project.replace('-', '_')}_contract"
    return name if name.isidentifier() else f"_{name}"


def _can_be(name: str) -> bool:
    """Whether the column's name can stand in Python as it is, and Pandera takes it for a column."""
    return (
        name.isidentifier()
        and name == unicodedata.normalize("NFKC", name)
        and not name.startswith("_")
        and not keyword.iskeyword(name)
        and name not in _TAKEN
        and len(name) <= _LONGEST
    )


def _like(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = re.sub(r"\W+", "_", plain.lower()).strip("_")[: _LONGEST - 8]  # room for a number
    if made and (keyword.iskeyword(made) or made in _TAKEN):
        return f"{made}_"
    if not made:
        return "unnamed"
    return made if made.isidentifier() else f"column_{made}"


def _free(name: str, used: set[str]) -> str:
    numbered = (f"{name.rstrip('_')}_{number}" for number in range(2, len(used) + 3))
    return name if name not in used else next(one for one in numbered if one not in used)
