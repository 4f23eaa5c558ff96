"""Where two JSON values differ, path by path. What the values mean is the callers' business."""

from collections.abc import Iterator
from typing import Any


def differing(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Path and both values of each difference; None where one side has nothing there.

    Lists of plain values are compared as a whole, others item by item.

    >>> list(differing({"a": 1, "b": [1, 2]}, {"a": 2, "b": [1, 2], "c": 3}))
    [('a', 1, 2), ('c', None, 3)]
    """
    if one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            yield from differing(one.get(name), other.get(name), f"{path}.{name}".lstrip("."))
    elif _is_deep(one) and _is_deep(other):
        for number in range(max(len(one), len(other))):
            left, right = (x[number] if number < len(x) else None for x in (one, other))
            yield from differing(left, right, f"{path}[{number + 1}]")
    else:
        yield path, one, other


def _is_deep(value: Any) -> bool:
    """Whether it is a list of things that have parts themselves."""
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)
