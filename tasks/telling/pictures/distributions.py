"""Tonight's values of drifted columns beside the reference's: bins of numbers, or groups."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tasks.telling.distributions import Distribution
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, at, bar, draw, path, rule, words

_WIDTH, _LEFT, _RIGHT = 344, 14, 326
_TOP, _BOTTOM, _FIRST = 36, 124, 30
_LABEL, _ROW = 112, 26
_ABOVE, _BELOW = 54, 20


def draw_distributions(found: Sequence[Distribution]) -> Picture:
    """Shares of the rows, the reference in grey, tonight in blue; two columns a line."""
    lines = [found[start : start + 2] for start in range(0, len(found), 2)]
    parts: list[str] = []
    y = _ABOVE
    for line in lines:
        parts += [at(_WIDTH * side, y, _panel(shown)) for side, shown in enumerate(line)]
        y += max(map(_height, line)) + _BELOW
    size = (_WIDTH * min(len(found), 2) + 12, y)
    alt = " ".join(map(_alt, found))
    return draw("Shares of the rows", alt, size, chain(_legend(), parts))


def _legend() -> Iterator[str]:
    yield bar(14, 32, 10, 10, "now")
    yield words(29, 42, "tonight")
    yield bar(92, 32, 10, 10, "ref")
    yield words(107, 42, "the champion's reference")


def _height(shown: Distribution) -> int:
    return _FIRST + _ROW * len(shown.groups) if shown.groups else _BOTTOM + 18


def _panel(shown: Distribution) -> Iterator[str]:
    yield words(_LEFT, 18, shown.column, "h", longest=44)
    yield from _groups(shown) if shown.groups else _numbers(shown)


def _numbers(shown: Distribution) -> Iterator[str]:
    height = Scale(0, max((*shown.now, *shown.reference)), _BOTTOM, _TOP)
    width = (_RIGHT - _LEFT) / len(shown.now)
    corners: list[tuple[float, float]] = []
    for number, (now, reference) in enumerate(zip(shown.now, shown.reference, strict=True)):
        x = _LEFT + number * width
        yield bar(x + 0.5, height(reference), width - 1, _BOTTOM - height(reference), "ref")
        corners += [(round(x, 1), height(now)), (round(x + width, 1), height(now))]
    yield path(corners)
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    low, high = shown.edges[0], shown.edges[-1]
    yield words(_LEFT, _BOTTOM + 16, f"{low:.4g}")
    yield words((_LEFT + _RIGHT) / 2, _BOTTOM + 16, f"{low / 2 + high / 2:.4g}", anchor="middle")
    yield words(_RIGHT, _BOTTOM + 16, f"{high:.4g}", anchor="end")


def _groups(shown: Distribution) -> Iterator[str]:
    along = Scale(0, max((*shown.now, *shown.reference)), _LABEL, _RIGHT - 78)
    rows = zip(shown.groups, shown.now, shown.reference, strict=True)
    for number, (group, now, reference) in enumerate(rows):
        y = _FIRST + number * _ROW
        yield words(_LABEL - 6, y + 13, group, anchor="end", longest=15)
        yield bar(_LABEL, y, along(now) - _LABEL, 9, "now")
        yield bar(_LABEL, y + 10, along(reference) - _LABEL, 9, "ref")
        end = max(along(now), along(reference))
        yield words(end + 5, y + 13, f"{now:.0%} ({reference:.0%})")


def _alt(shown: Distribution) -> str:
    if not shown.groups:
        return f"{shown.column}: histograms of tonight and of the reference."
    pairs = zip(shown.groups, shown.now, shown.reference, strict=True)
    told = ", ".join(f"{group} {now:.0%} (reference {before:.0%})" for group, now, before in pairs)
    return f"{shown.column} tonight: {told}."
