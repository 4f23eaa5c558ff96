"""Addresses with the night in them, such as `sales/{as_of}.csv.gz`, both ways.

`{as_of}` is 2026-03-01; `{as_of:%Y/%m/%d}` writes it otherwise, by the directives %Y, %y, %m, %d
and %j of `strftime`. Without a day in it an address holds several nights, which their times divide.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

_FIELD = re.compile(r"\{as_of(?::([^{}]*))?\}")
_DIRECTIVE = re.compile(r"%.")
_PATTERNS = {"%Y": r"\d{4}", "%y": r"\d\d", "%m": r"\d\d", "%d": r"\d\d", "%j": r"\d{3}"}
_ISO = "%Y-%m-%d"
_YEARS, _DAYS = ({"%Y", "%y"}, {"%m"}, {"%d"}), ({"%Y", "%y"}, {"%j"})


def check_template(template: str) -> str:
    """The template itself.

    Raises:
        ValueError: it has braces or directives other than those above.
    """
    if left := re.search(r"[{}]", _FIELD.sub("", template)):
        raise ValueError(f"{template!r}: write {{as_of}} or {{as_of:%Y/%m/%d}}, no other {left[0]}")
    if unknown := sorted(set(_directives(template)) - set(_PATTERNS)):
        raise ValueError(f"{template!r}: {unknown} is not one of {sorted(_PATTERNS)}")
    return template


def names_night(template: str) -> bool:
    """Whether every night has an address of its own."""
    there = set(_directives(template))
    return any(all(there & part for part in parts) for parts in (_YEARS, _DAYS))


def is_fixed(template: str) -> bool:
    """Whether all nights have the same address."""
    return not _FIELD.search(template)


def fill(template: str, as_of: date) -> str:
    """The address of a night."""
    return _FIELD.sub(lambda field: as_of.strftime(field[1] or _ISO), template)


def start_of(template: str) -> str:
    """What all its addresses begin with."""
    return _FIELD.split(template, maxsplit=1)[0]


def matching(template: str, addresses: Iterable[str]) -> Iterator[tuple[str, date]]:
    """Those that the template makes, each with the first night for which it does."""
    pattern, directives = re.compile(_pattern(template)), list(_directives(template))
    for address in addresses:
        if match := pattern.fullmatch(address):
            night = _night(dict(zip(directives, match.groups(), strict=True)))
            if night and fill(template, night) == address:
                yield address, night


def _directives(template: str) -> Iterator[str]:
    for field in _FIELD.finditer(template):
        yield from _DIRECTIVE.findall(field[1] or _ISO)


def _pattern(template: str) -> str:
    written = _FIELD.sub(lambda field: field[1] or _ISO, template)
    parts = _DIRECTIVE.split(written)
    found = [f"({_PATTERNS[directive]})" for directive in _DIRECTIVE.findall(written)]
    pairs = zip(parts, [*found, ""], strict=True)
    return "".join(re.escape(text) + digits for text, digits in pairs)


def _night(told: dict[str, str]) -> date | None:
    try:
        return datetime.strptime(" ".join(told.values()), " ".join(told)).date()  # noqa: DTZ007
    except ValueError:
        return None
