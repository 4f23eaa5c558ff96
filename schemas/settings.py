"""Settings of the machine, from DRIFTLOOP_* in the environment; a project's are in its file."""

import os
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlparse

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_HOME = Path(".driftloop")
_PREFIX = "DRIFTLOOP_"

Addressing = Literal["auto", "path", "virtual"]
"""How a bucket is named to its server: in the path, or as a host of its own."""


class Settings(BaseSettings):
    """Where things are on this machine. Relative folders count from the working directory."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    store: str = Field(
        default_factory=lambda: (_HOME / "store").absolute().as_uri(),
        description="file:///absolute/folder or s3://bucket/prefix with every record and model",
    )
    s3_addressing: Addressing = Field(
        default="auto",
        description="auto, path or virtual: how a bucket is named to its server",
    )
    cache: Path = Field(
        default_factory=lambda: (_HOME / "cache").absolute(),
        description="folder for verified copies of stored objects; safe to delete",
    )
    projects: Path | None = Field(
        default=None, description="folder of a team's own project files, outside this tree"
    )
    landing: Path = Field(
        default_factory=lambda: (_HOME / "landing").absolute(),
        description="folder where the flights project finds its nightly files",
    )
    data: Path = Field(
        default_factory=lambda: Path("../shared/data").absolute(),
        description="folder that relative names of files in a project's source count from",
    )
    alert_urls: SecretStr = Field(
        default=SecretStr(""),
        description="where alerts go, as apprise writes it (mailtos://, slack://, json://), "
        "separated by spaces or commas",
    )
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""), description="http(s) address that each good night asks for"
    )
    reports_url: str = Field(
        default="", description="http(s) address of the page server, for links in messages"
    )

    @cached_property
    def side_folder(self) -> Path:
        """Where pages and this machine's servers lie: beside a file:/// store, else .driftloop."""
        address = urlparse(self.store)
        if address.scheme == "file":
            return Path(unquote(address.path)).parent
        return _HOME.absolute()


def current_settings() -> Settings:
    """What the environment says now: read anew once a variable or the working directory changed.

    Raises:
        ValidationError: a variable holds what its setting cannot be.
    """
    said = (pair for pair in os.environ.items() if pair[0].upper().startswith(_PREFIX))
    return _read(Path.cwd(), *sorted(said))


@lru_cache(maxsize=4)
def _read(*_: object) -> Settings:
    return Settings()
