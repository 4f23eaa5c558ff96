"""What all pictures share: ground, colours, scale, escaped text. What is drawn is its neighbours'.

A picture brings its own ground, light or dark as the reader's system asks, because a page may be
the other: so it can be read on both. Colours are those of Okabe and Ito, and never say alone what
shape or place does not. Fonts are the system's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from tasks.telling.escape import xml
from tasks.telling.markdown import Picture

Anchor = Literal["start", "middle", "end"]

_STYLE = (
    "text{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#2c3442}"
    ".h{font-weight:600}.soft{fill:#5a6475}.ground{fill:#f7f9fb;stroke:#d9dee6}"
    ".axis{stroke:#9aa4b2}.now{fill:#1478bd}.ref{fill:#9aa4b2}.bad{fill:#d55e00}"
    ".line{fill:none;stroke:#1478bd;stroke-width:2}.other{fill:none;stroke:#9aa4b2;stroke-width:2}"
    ".third{fill:none;stroke:#d55e00;stroke-width:1.5;stroke-dasharray:2 4}"
    ".band{fill:#1478bd;fill-opacity:.14}"
    ".limit{stroke:#d55e00;stroke-dasharray:6 4}.alarm{fill:#b03a00}"
    "@media (prefers-color-scheme:dark){text{fill:#e6eaf1}.soft{fill:#a3adbd}"
    ".ground{fill:#1a2029;stroke:#323b49}.axis{stroke:#6b7687}.ref{fill:#6b7687}.now{fill:#56b4e9}"
    ".line{stroke:#56b4e9}.other{stroke:#8a94a5}.alarm{fill:#ff9a62}}"
)


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places on the picture; values beyond it stay at its ends."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        share = min(max(share, 0.0), 1.0) if isfinite(share) else 0.5
        return round(self.start + share * (self.end - self.start), 1)


def draw(title: str, alt: str, size: tuple[int, int], parts: Iterable[str]) -> Picture:
    """A whole picture: title for the eye, `alt` for those who hear the page."""
    width, height = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">'
        f'<title id="t">{xml(alt)}</title><style>{_STYLE}</style>'
        f'<rect class="ground" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>'
        f"{words(12, 21, title, 'h')}{''.join(parts)}</svg>"
    )
    return Picture(svg, alt)


def words(
    x: float, y: float, text: str, style: str = "soft", anchor: Anchor = "start", longest: int = 80
) -> str:
    """Text at a place."""
    return (
        f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{xml(text, longest)}</text>'
    )


def bar(x: float, y: float, width: float, height: float, style: str) -> str:
    """A filled rectangle; `x` and `y` are its upper left corner."""
    sides = f'width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
    return f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" {sides}/>'


def dot(x: float, y: float, style: str) -> str:
    """A round mark."""
    return f'<circle class="{style}" cx="{x}" cy="{y}" r="4"/>'


def diamond(x: float, y: float, style: str) -> str:
    """A mark that is told from a dot by its shape."""
    return f'<path class="{style}" d="M{x - 5} {y}L{x} {y - 5}L{x + 5} {y}L{x} {y + 5}Z"/>'


def rule(x1: float, y1: float, x2: float, y2: float, style: str = "axis") -> str:
    """A straight line."""
    return f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def path(points: Iterable[tuple[float, float]], style: str = "line") -> str:
    """A line through these places."""
    return f'<polyline class="{style}" points="{" ".join(f"{x},{y}" for x, y in points)}"/>'


def at(x: float, y: float, parts: Iterable[str]) -> str:
    """Parts moved together, their own places counted from here."""
    return f'<g transform="translate({x},{y})">{"".join(parts)}</g>'
