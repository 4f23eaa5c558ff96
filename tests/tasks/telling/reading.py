"""Reads pages back as a browser would: what a reader sees, and what is more than text."""

import base64
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown_it import MarkdownIt

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "a|b\n| c | d |",
    "``` \n```mermaid\nflowchart",
    '"]; click ingest "javascript:alert(1)"',
    "[here](javascript:alert(1)) ![x](http://example.test/x.png)",
    "**bold** _it_ ~~no~~ $x$ \\| &lt; &#60;",
    "see https://example.test or www.example.test or a@example.test",
    "\x00\x1b[31m\u202egnp.exe\ud800 \u2028end",
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Seen:
    """A page as rendered: its text without joiners, its tags, its pictures and links."""

    def __init__(self, markdown: str) -> None:
        reader = _Reader()
        renderer = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        renderer.validateLink = lambda _: True  # type: ignore[assignment, method-assign]  # hide nothing
        reader.feed(renderer.render(markdown))
        self.text = " ".join("".join(reader.text).replace("\u2060", "").split())
        self.tags = reader.tags
        self.sources = [value for tag, name, value in reader.attributes if (tag, name) == _SOURCE]
        self.alts = [value for tag, name, value in reader.attributes if name == "alt"]
        self.links = [value for tag, name, value in reader.attributes if (tag, name) == _LINK]

    @property
    def pictures(self) -> list[str]:
        """The SVG documents inside the page; anything else as an image is an error."""
        start = "data:image/svg+xml;base64,"
        assert all(source.startswith(start) for source in self.sources)
        return [base64.b64decode(source.removeprefix(start)).decode() for source in self.sources]


_SOURCE, _LINK = ("img", "src"), ("a", "href")
PAGE_TAGS = {
    *("p", "strong", "h3", "table", "thead", "tbody", "tr", "th", "td", "img", "pre", "code", "a"),
    "blockquote",
}
"""All that our pages are made of."""


def texts_of(svg: str) -> list[str]:
    """Every text in a picture, whose XML must be sound and of nothing but shapes and words."""
    elements = list(ElementTree.fromstring(svg).iter())
    assert {element.tag.removeprefix(_SVG) for element in elements} <= _SHAPES
    assert {name for element in elements for name in element.attrib} <= _PLAIN_ATTRIBUTES
    [style] = [element.text or "" for element in elements if element.tag == f"{_SVG}style"]
    assert "url(" not in style
    assert "@import" not in style
    return [text for element in elements if (text := element.text)]


_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {*("svg", "title", "style", "g", "rect", "text", "line", "polyline", "circle", "path")}
_PLAIN_ATTRIBUTES = {
    *("width", "height", "viewBox", "role", "aria-labelledby", "id", "class", "x", "y", "rx"),
    *("text-anchor", "x1", "x2", "y1", "y2", "points", "cx", "cy", "r", "d", "transform"),
}
