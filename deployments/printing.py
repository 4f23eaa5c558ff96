"""Terminal output: lines for people, JSON for machines. Wording is `tasks.telling`."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.telling.lineage import Branch
    from tasks.telling.paper import Paper

_NEVER_WRAPPED = 10_000


def print_lines(title: str | None, lines: Iterable[tuple[str, str]]) -> None:
    """A heading, then one line a step."""
    if title:
        print(title)
    for step, text in lines:
        print(f"  {step:<10} {clean(text)}")


def print_json(body: Any) -> None:
    """The body as indented JSON."""
    json.dump(body, sys.stdout, indent=2, default=str, ensure_ascii=False)
    print()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Aligned columns under their headings."""
    cells = [[clean(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(headings), *cells]) for i in range(len(headings))]
    for row in [list(headings), *cells]:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def print_tree(branch: "Branch") -> None:
    """A tree of lines; wrapped on a terminal, and one line each elsewhere."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    def grow(one: "Branch") -> Tree:
        tree = Tree(Text(clean(one.text)))
        tree.children.extend(grow(child) for child in one.children)
        return tree

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _NEVER_WRAPPED)
    console.print(grow(branch))


def print_paper(paper: "Paper") -> None:
    """Title, lead and sections of a page as text; its pictures are told by their tables."""
    from tasks.telling.paper import Commands, Facts, Table, Text

    print(clean(paper.title))
    print(clean(paper.lead))
    for section in paper.sections:
        print(f"\n{clean(section.title).upper()}")
        for block in section.blocks:
            match block:
                case Text(text=text):
                    print(clean(text))
                case Facts(rows=rows):
                    print_lines(None, rows)
                case Table(headings=headings, rows=rows):
                    print_table(headings, rows)
                case Commands(lines=lines):
                    print(*map(clean, lines), sep="\n")


def clean(text: str) -> str:
    """Text without control characters: data must not move the cursor or forge lines."""
    return "".join(char if char.isprintable() else " " for char in text)
