"""Text from data in messages of plain text: it shows as it is, calls nobody and links nowhere.

Pages, which are Markdown, use `tasks.telling.escape` directly.
"""

import re

from tasks.telling.escape import clean

_LONGEST = 600
# Mail programs and chats make links of bare addresses, chats call whoever follows an @.
_CALL = re.compile(r"(?<!\w)@(?=\w)")
_ADDRESS = re.compile(r"(?<=:)(?=//)")


def plain(text: str, longest: int = _LONGEST) -> str:
    """One line of at most so many letters, and a few spaces that keep it from acting.

    >>> plain("@everyone, see https://example.org")
    '@ everyone, see https: //example.org'
    """
    return _ADDRESS.sub(" ", _CALL.sub("@ ", clean(text, longest)))
