"""Text from data made harmless for Markdown, XML, Mermaid and spreadsheets, each in its own way.

Whatever a column, a category, a rule or an error says, it shows as these very letters and is
nothing else. Building pages out of such text is `tasks.telling.markdown`.
"""

import re
import unicodedata
from html import escape

LONGEST = 1000
"""Letters of one text on a page; a category may be a whole document."""

# Underscores inside a word are none to Markdown; signs and numbers are only where a text begins.
_MARKUP = re.compile(
    r"[&<>\"`|\[\]*~\\${}#]|(?<![^\W_])_|_(?![^\W_])|^[-+=](?![\d.])"
    r"|(?:(?<=^\d)|(?<=^\d\d)|(?<=^\d{3})|(?<=^\d{4}))[.)](?=\s|$)"
)
# Renderers make links of bare addresses, even when their letters are written as entities.
_ADDRESS = re.compile(r"(?i)(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=@)(?=\w)")
_WORD_JOINER = "\u2060"
_PLAIN_IN_MERMAID = re.compile(r"[^\w .,:+%/()-]", re.ASCII)
# As OWASP lists what a spreadsheet takes for a formula; spaces before it are no help.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_JOINERS = frozenset("\u200c\u200d")  # scripts and emoji need them


def clean(text: str, longest: int = LONGEST) -> str:
    r"""One line of at most so many letters; no letter hides or turns what follows.

    >>> clean("one\ntwo\x00")
    'one two'
    """
    letters = "".join(_visible(letter) for letter in text[: 2 * longest])
    line = " ".join(letters.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def markdown(text: str, longest: int = LONGEST) -> str:
    """Text that Markdown and HTML show as it is, also in a table's cell.

    >>> markdown("<b>a|b</b>")
    '&#60;b&#62;a&#124;b&#60;/b&#62;'
    """
    line = _ADDRESS.sub(_WORD_JOINER, clean(text, longest))
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", line)


def xml(text: str, longest: int = LONGEST) -> str:
    """Text inside an SVG's element or attribute.

    >>> xml("a < 'b'")
    'a &lt; &#x27;b&#x27;'
    """
    return escape(clean(text, longest))


def mermaid(text: str, longest: int = 90) -> str:
    """Text inside the quotes of a node or an edge of a Mermaid diagram.

    >>> mermaid('end"] x')
    'end#34;#93; x'
    """
    return _PLAIN_IN_MERMAID.sub(lambda found: f"#{ord(found[0])};", clean(text, longest))


def spreadsheet(text: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula; numbers stay as they are.

    >>> spreadsheet("=1+1"), spreadsheet("-1.5")
    ("'=1+1", '-1.5')
    """
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _visible(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    # Cs: half a pair, which cannot be sent; Cn, Co: no letters, two of them are forbidden in XML
    hidden = kind in ("Cs", "Cn", "Co") or (kind == "Cf" and letter not in _JOINERS)
    return "\ufffd" if hidden else letter
