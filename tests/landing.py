"""A small landing zone of real flights, laid out once a session; who spoils it copies it first."""

import gzip
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from deployments.landing import lay_out

# Six nights around the first flights without a tail number and into a labelled past.
FIRST, LAST = date(2013, 1, 1), date(2013, 1, 6)


@pytest.fixture(scope="session")
def landing_zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nights FIRST to LAST of 2013, the labels of all but the last. Read only."""
    return _lay_out_once(tmp_path_factory.getbasetemp() / "landing-zone")


@cache  # several test folders have the fixture, which pytest takes for different ones
def _lay_out_once(folder: Path) -> Path:
    lay_out(folder, FIRST, LAST)
    return folder


@pytest.fixture
def own_zone(landing_zone: Path, tmp_path: Path) -> Path:
    """A copy that the test may spoil."""
    return Path(shutil.copytree(landing_zone, tmp_path / "zone"))


def read_gzip(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def write_gzip(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
