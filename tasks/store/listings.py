"""The keys of a store's folders, by night and number. Records under them are the store's."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from schemas.errors import InvalidName
from tasks.store import keys
from tasks.store.backend import Backend

Listed = tuple[keys.Place, str]
_Nights = dict[date | None, list[Listed]]


class Listings:
    """Folders as they are now, or within `once` as they were when they were first asked for."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._is_kept = False
        self._kept: dict[tuple[str, str], tuple[list[Listed], _Nights]] = {}

    def find(self, folder: keys.Folder, project: str, as_of: date | None) -> list[Listed]:
        """All keys of a folder, or of one of its nights. Other files are passed over."""
        if not self._is_kept or folder == "data":  # objects come without a commit
            return self._look(folder, project, as_of)
        if (folder, project) not in self._kept:
            whole = self._look(folder, project, None)
            nights: _Nights = defaultdict(list)
            for listed in whole:
                nights[listed[0].as_of].append(listed)
            self._kept[folder, project] = whole, nights
        whole, nights = self._kept[folder, project]
        return list(whole if as_of is None else nights[as_of])

    @contextmanager
    def once(self) -> Iterator[None]:
        """Within the block each folder is listed once, and what is committed here is added.

        For a run that writes many nights: to list all of them anew for each takes hours for
        thousands. What another machine commits is not seen, until both write one key.
        """
        self._is_kept = True
        try:
            yield
        finally:
            self._is_kept = False
            self.forget()

    def add(self, key: str) -> None:
        """A key that was committed."""
        place = keys.parse(key)
        if kept := self._kept.get((place.folder, place.project)):
            whole, nights = kept
            if (place, key) not in nights[place.as_of]:
                insort(whole, (place, key), key=_in_order)
                insort(nights[place.as_of], (place, key), key=_in_order)

    def forget(self) -> None:
        """List anew: another machine is at work here."""
        self._kept.clear()

    def _look(self, folder: keys.Folder, project: str, as_of: date | None) -> list[Listed]:
        found = []
        for key in self._backend.keys(keys.prefix(folder, project, as_of)):
            try:
                found.append((keys.parse(key), key))
            except InvalidName:
                continue
        return sorted(found, key=_in_order)


def _in_order(listed: Listed) -> tuple[date, int]:
    place, _ = listed
    return place.as_of or date.min, place.number or 0
