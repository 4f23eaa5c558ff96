"""Python source out of values, laid out as ruff does it. Nothing of the data ever becomes code.

Texts are written as literals, comments without anything that could end them.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100
_SHOWN = 60


@dataclass(frozen=True)
class Code:
    """A piece that stands on one line, such as a literal."""

    text: str


@dataclass(frozen=True)
class Call:
    """`head(items)`: on one line, or its items on one line, or an item a line."""

    head: str
    items: "tuple[Node, ...]"


@dataclass(frozen=True)
class Items:
    """A tuple: on one line, or an item a line."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True)
class Named:
    """`name=node`."""

    name: str
    node: "Node"


@dataclass(frozen=True)
class Noted:
    """Comments on lines of their own, and the item they are about, if any."""

    notes: tuple[str, ...]
    node: "Node | None" = None


Node = Code | Call | Items | Named | Noted


def literal(value: str | float | bool) -> str:
    r"""The value as Python writes it; texts in double quotes where that needs no more escapes.

    >>> literal("'; import os #"), literal(-999.0)
    ('"\'; import os #"', '-999')
    """
    if not isinstance(value, str):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    quote = "'" if value.count('"') > value.count("'") else '"'
    written = repr(value)
    body = re.sub(r"\\(['\"\\])|(['\"])", _unquoted, written[1:-1])
    return quote + body.replace(quote, f"\\{quote}") + quote


def words(values: Iterable[str | float]) -> Items:
    """A tuple of literals."""
    return Items(tuple(Code(literal(value)) for value in values))


def shown(text: str) -> str:
    """What a person named, for a comment or a message: short, on one line, in plain characters."""
    written = ascii(text)[1:-1]
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."


def comment(text: str, indent: int) -> str:
    """The text as comment lines."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    lines = textwrap.wrap(plain, WIDTH - indent - 2, break_long_words=True, break_on_hyphens=False)
    return "".join(f"{' ' * indent}# {line}\n" for line in lines)


def render(node: Node, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """The node in a line that begins at `indent`, behind so many characters, before so many."""
    if isinstance(node, Named):
        head = f"{node.name}="
        return head + render(node.node, indent, before + len(head), after)
    if not _has_notes(node):
        flat = _flat(node)
        if isinstance(node, Code) or indent + before + len(flat) + after <= WIDTH:
            return flat
    assert isinstance(node, Call | Items)  # a note stands in one of these
    head = node.head if isinstance(node, Call) else ""
    inner = indent + 4
    if isinstance(node, Call) and not _has_notes(node):
        line = ", ".join(map(_flat, node.items))
        if inner + len(line) <= WIDTH:
            return f"{head}(\n{' ' * inner}{line}\n{' ' * indent})"
    lines = "".join(_line(item, inner) for item in node.items)
    return f"{head}(\n{lines}{' ' * indent})"


def _line(item: Node, indent: int) -> str:
    if isinstance(item, Noted):
        notes = "".join(comment(note, indent) for note in item.notes)
        return notes + (_line(item.node, indent) if item.node else "")
    return f"{' ' * indent}{render(item, indent, 0, 1)},\n"


def _flat(node: Node) -> str:
    match node:
        case Code(text):
            return text
        case Call(head, items):
            return f"{head}({', '.join(map(_flat, items))})"
        case Items(items):
            return f"({', '.join(map(_flat, items))}{',' if len(items) == 1 else ''})"
        case Named(name, inner):
            return f"{name}={_flat(inner)}"
        case Noted():
            return ""


def _has_notes(node: Node | None) -> bool:
    match node:
        case Noted():
            return True
        case Call(_, items) | Items(items):
            return any(map(_has_notes, items))
        case Named(_, inner):
            return _has_notes(inner)
    return False


def _unquoted(match: "re.Match[str]") -> str:
    """Quotes without their escapes; backslashes keep theirs."""
    escaped, plain = match.groups()
    return str(match[0]) if escaped == "\\" else str(escaped or plain)


def sorted_imports(lines: Sequence[str]) -> str:
    """Import lines in the order that isort has, by module."""
    return "\n".join(sorted(dict.fromkeys(lines))) + "\n"
