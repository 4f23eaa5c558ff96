"""Blocks of a Markdown page. Text is escaped here, so that no caller can forget it.

Prefect's pages render GitHub's Markdown, Mermaid, and pictures inside the text (measured in 3.9).
How text is escaped is `tasks.telling.escape`.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.telling.escape import markdown, xml


@dataclass(frozen=True)
class Page:
    """A page and the sentence that stands for it in lists, both as Markdown."""

    sentence: str
    markdown: str


@dataclass(frozen=True)
class Picture:
    """An SVG document, whose texts are escaped, and what it shows in words, which are not."""

    svg: str
    alt: str


def page(sentence: str, blocks: Iterable[str]) -> Page:
    """A page that opens with its sentence; empty blocks are left out."""
    kept = [block for block in blocks if block]
    return Page(markdown(sentence), "\n\n".join([bold(sentence), *kept]) + "\n")


def bold(text: str) -> str:
    """A paragraph in bold."""
    return f"**{markdown(text) or '-'}**"


def paragraph(text: str) -> str:
    """A paragraph."""
    return markdown(text)


def quote(text: str) -> str:
    """A paragraph set apart."""
    return f"> {markdown(text)}"


def heading(text: str) -> str:
    """A heading of a part of the page."""
    return f"### {markdown(text)}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table; columns with these numbers stand to the right, as numbers do."""
    aligned = set(right)
    rule = ["---:" if number in aligned else "---" for number in range(len(headings))]
    lines = [[markdown(text) for text in headings], rule]
    lines += [[markdown(cell) for cell in row] for row in rows]
    return "\n".join(_row(line) for line in lines)


def picture(shown: Picture) -> str:
    """The picture, whole inside the text: nothing is to be hosted anywhere."""
    data = base64.b64encode(shown.svg.encode()).decode()
    return f"![{markdown(shown.alt)}](data:image/svg+xml;base64,{data})"


def code(lines: Iterable[str], language: str = "text") -> str:
    """Lines to copy. They are ours or made of validated names; backticks could end the block."""
    text = "\n".join(line.replace("`", "'") for line in lines)
    return f"```{language}\n{text}\n```"


def links(found: Iterable[tuple[str, str | None]]) -> str:
    """Links in one line; those without an address are left out."""
    told = [f"[{markdown(text)}](<{_address(url)}>)" for text, url in found if url]
    return " · ".join(told)


def _address(url: str) -> str:
    return xml(url).replace("\\", "%5C").replace("`", "%60").replace(" ", "%20")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
