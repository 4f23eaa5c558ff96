"""What a declaration says of files: where they lie and how they are written.

Formats themselves are `tasks.sources.formats`, addresses `tasks.sources.template`.
"""

import codecs
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from schemas.declared import Declared
from tasks.sources.formats import SUFFIXES, suffix_of
from tasks.sources.template import check_template


def _check_file(template: str) -> str:
    if not suffix_of(template):
        raise ValueError(f"{template!r} must end with one of {', '.join(SUFFIXES)}")
    return check_template(template)


def _check_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"{name!r} is no encoding that Python knows, such as latin-1") from None


def _check_separator(character: str) -> str:
    if not character.isascii() or character in '"\r\n':
        raise ValueError(
            f"{character!r} cannot separate values: name one ASCII character, such as ';'"
        )
    return character


Separator = Annotated[
    str, StringConstraints(min_length=1, max_length=1), AfterValidator(_check_separator)
]
Encoding = Annotated[str, AfterValidator(_check_encoding)]
FileName = Annotated[str, AfterValidator(_check_file)]
"""A name in the data folder of the settings, an absolute path, or `s3://bucket/key`, in which
`{as_of}` or such as `{as_of:%Y/%m/%d}` stands for the night."""


class Readable(Declared):
    """Files of one shipped format."""

    file: FileName
    separator: Separator | None = None
    encoding: Encoding = "utf-8"
    sheet: str = Field(default="", description="of an Excel workbook; the first by default")

    def _reading(self, name: str) -> dict[str, str]:
        """What the format's parser is told beyond the bytes."""
        suffix = suffix_of(name)
        if suffix == ".xlsx":
            return {"sheet": self.sheet}
        if suffix.startswith((".csv", ".tsv")):
            separator = self.separator or ("\t" if suffix.startswith(".tsv") else ",")
            return {"separator": separator, "encoding": self.encoding}
        return {}
