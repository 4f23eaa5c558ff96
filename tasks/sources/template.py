"""Addresses with the night in them, such as `sales/{as_of}.csv.gz`, both ways.

`{as_of}` is the night's name: 2026-03-01, of a week 2026-W10, of an hour 2026-03-01T14.
`{as_of:%Y/%m/%d}` writes its beginning otherwise, by the directives %Y, %y, %m, %d, %j, %H, %G and
%V of `strftime`. Where several nights have one address, the times of rows divide what is there.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from schemas.errors import DataUnreadable
from schemas.period import Hour, Period, parse, week_of

_FIELD = re.compile(r"\{as_of(?::([^{}]*))?\}")
_DIRECTIVE = re.compile(r"%.")
_NAME = "%@"
"""Stands for the name of a night, whatever its kind."""
_PATTERNS = {
    "%Y": r"\d{4}",
    "%y": r"\d\d",
    "%m": r"\d\d",
    "%d": r"\d\d",
    "%j": r"\d{3}",
    "%H": r"\d\d",
    "%G": r"\d{4}",
    "%V": r"\d\d",
    _NAME: r"\d{4}-(?:\d\d-\d\d(?:T\d\d)?|W\d\d)",
}
_DAYS = (({"%Y", "%y"}, {"%m"}, {"%d"}), ({"%Y", "%y"}, {"%j"}))
_NAMED: dict[Period, tuple[tuple[set[str], ...], ...]] = {
    "day": _DAYS,
    "week": (*_DAYS, ({"%G"}, {"%V"})),
    "hour": tuple((*day, {"%H"}) for day in _DAYS),
}
"""What together names one night, of each kind."""


def check_template(template: str) -> str:
    """The template itself.

    Raises:
        ValueError: it has braces or directives other than those above.
    """
    if left := re.search(r"[{}]", _FIELD.sub("", template)):
        raise ValueError(f"{template!r}: write {{as_of}} or {{as_of:%Y/%m/%d}}, no other {left[0]}")
    known = set(_PATTERNS) - {_NAME}
    if unknown := sorted(set(_directives(template)) - set(_PATTERNS)):
        raise ValueError(f"{template!r}: {unknown} is not one of {sorted(known)}")
    return template


def names_night(template: str, period: Period = "day") -> bool:
    """Whether every night that is counted in these has an address of its own."""
    there = set(_directives(template))
    named = any(all(there & part for part in parts) for parts in _NAMED[period])
    return named or _NAME in there


def is_fixed(template: str) -> bool:
    """Whether all nights have the same address."""
    return not _FIELD.search(template)


def fill(template: str, as_of: date) -> str:
    """The address of a night.

    Raises:
        DataUnreadable: it writes the hour of a night that is none.
    """
    if "%H" in _directives(template) and not isinstance(as_of, Hour):
        raise DataUnreadable(f"{template}: %H of night {as_of}; declare period='hour', or leave it")
    return _FIELD.sub(lambda field: as_of.strftime(field[1]) if field[1] else str(as_of), template)


def beginning(template: str) -> str:
    """What all its addresses begin with."""
    return _FIELD.split(template, maxsplit=1)[0]


def matching(template: str, addresses: Iterable[str]) -> Iterator[tuple[str, date]]:
    """Those that the template makes, each with the first night for which it does.

    Where the name alone does not tell its kind, that is a day.
    """
    pattern, directives = re.compile(_pattern(template)), list(_directives(template))
    for address in addresses:
        if match := pattern.fullmatch(address):
            night = _night(dict(zip(directives, match.groups(), strict=True)))
            if night and fill(template, night) == address:
                yield address, night


def _directives(template: str) -> Iterator[str]:
    for field in _FIELD.finditer(template):
        yield from _DIRECTIVE.findall(field[1] or _NAME)


def _pattern(template: str) -> str:
    written = _FIELD.sub(lambda field: field[1] or _NAME, template)
    parts = _DIRECTIVE.split(written)
    found = [f"({_PATTERNS[directive]})" for directive in _DIRECTIVE.findall(written)]
    pairs = zip(parts, [*found, ""], strict=True)
    return "".join(re.escape(text) + digits for text, digits in pairs)


def _night(told: dict[str, str]) -> date | None:
    is_week = {"%G", "%V"} <= told.keys()
    try:
        if _NAME in told:
            return parse(told[_NAME])
        if is_week:
            return week_of(date.fromisocalendar(int(told["%G"]), int(told["%V"]), 1))
        when = datetime.strptime(" ".join(told.values()), " ".join(told))  # noqa: DTZ007
    except ValueError:
        return None
    is_hour = "%H" in told
    return Hour(when.year, when.month, when.day, when.hour) if is_hour else when.date()
