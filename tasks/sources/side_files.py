"""Files that other rows are joined to. Joining is `tasks.sources.joined`."""

from datetime import date
from functools import lru_cache

import pandas as pd

from schemas.batch import SourceFile
from schemas.source import Raw
from tasks.sources.formats import parse
from tasks.sources.joined import SideTable
from tasks.sources.places import Version, describe, locate, read_address, shown, version_of
from tasks.sources.readable import Readable
from tasks.sources.template import fill


class SideFile(SideTable, Readable):
    """A file a night, or one for all nights, which is then read anew only when it changed."""

    def read(self, as_of: date) -> Raw | None:
        """The whole file."""
        found = self._version(as_of)
        if found is None:
            return None
        frame, file = read_whole(*found, tuple(self._reading(found[1]).items()))
        return Raw(frame.copy(deep=False), (file,))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The file, when it is there."""
        found = self._version(as_of)
        return (_describe(*found),) if found else ()

    def told(self, as_of: date) -> str:
        """The file's name."""
        return shown(fill(self.file, as_of))

    def _version(self, as_of: date) -> tuple[Version, str] | None:
        name = fill(self.file, as_of)
        version = version_of(self._locate(name))
        return None if version is None else (version, name)

    def _locate(self, name: str) -> str:
        return locate(name)


@lru_cache(maxsize=4)
def read_whole(
    version: Version, name: str, reading: tuple[tuple[str, str], ...]
) -> tuple[pd.DataFrame, SourceFile]:
    """The frame, which nobody changes, and its file."""
    data = read_address(version.address) or b""
    return parse(data, name, **dict(reading)), describe(shown(name), data)


@lru_cache(maxsize=256)
def _describe(version: Version, name: str) -> SourceFile:
    return describe(shown(name), read_address(version.address) or b"")
