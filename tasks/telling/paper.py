"""What a page tells as plain values: sections of sentences, facts, tables and pictures.

The same sections go on a terminal (`deployments.printing`), into a file (`deployments.page.paper`)
and to the page server, each of which escapes text in its own way. Markdown is `.markdown`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tasks.telling.markdown import Picture


@dataclass(frozen=True)
class Text:
    """A paragraph, or a warning that is set apart."""

    text: str
    warns: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with what there is to say of each; a name may repeat."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings; columns with these numbers hold numbers and stand to the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Commands:
    """What to type next."""

    lines: tuple[str, ...]


Block = Text | Facts | Table | Picture | Commands


@dataclass(frozen=True)
class Section:
    """A part of a page under its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """A whole page: its title, the sentence that stands for it, its sections."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def section(title: str, blocks: Iterable[Block | None]) -> Iterator[Section]:
    """The section without its empty blocks; no section where none is left."""
    kept = tuple(block for block in blocks if block is not None)
    if kept:
        yield Section(title, kept)


def facts(rows: Iterable[tuple[str, str]]) -> Facts | None:
    """Facts, or None where there are none."""
    found = tuple((name, text) for name, text in rows if text)
    return Facts(found) if found else None


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()
) -> Table | None:
    """A table, or None where it has no row."""
    found = tuple(map(tuple, rows))
    return Table(tuple(headings), found, tuple(right)) if found else None
