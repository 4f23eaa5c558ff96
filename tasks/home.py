"""The store that the environment names. One object a process: records are read once."""

from functools import lru_cache
from pathlib import Path

from schemas.settings import Addressing, current_settings
from tasks.store import Store, open_store


def home() -> Store:
    """The store of DRIFTLOOP_STORE with the cache of DRIFTLOOP_CACHE."""
    settings = current_settings()
    return _opened(settings.store, settings.cache, settings.s3_addressing)


@lru_cache(maxsize=4)
def _opened(url: str, cache: Path, addressing: Addressing) -> Store:
    return open_store(url, cache, addressing)
