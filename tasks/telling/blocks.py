"""Blocks of a paper as parts of a Markdown page: what both show is written once."""

from collections.abc import Iterable, Iterator

from tasks.telling.markdown import Picture, paragraph, picture, quote, table
from tasks.telling.paper import Block, Table, Text


def in_markdown(blocks: Iterable[Block | None]) -> Iterator[str]:
    """Sentences, tables and pictures; other blocks stand on papers alone."""
    for block in blocks:
        if isinstance(block, Text):
            yield quote(block.text) if block.warns else paragraph(block.text)
        elif isinstance(block, Table):
            yield table(block.headings, block.rows, right=block.right)
        elif isinstance(block, Picture):
            yield picture(block)
