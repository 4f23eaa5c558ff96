"""The addresses that open a store."""

from pathlib import Path

import pytest

from schemas.errors import InvalidName
from tasks.store import open_store


@pytest.mark.parametrize("name", ["store", "with space", "50%", "a#b?c", "ü"])
def test_an_absolute_folder_opens(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    store = open_store(folder.as_uri(), tmp_path / "cache")
    store.add_bytes("flights", b"rows", "json")
    assert (folder / "data" / "flights").is_dir()
    assert store.backend.describe() == folder.as_uri()


@pytest.mark.parametrize("url", ["file:store", "file:/srv", "file://host/srv", "file:///a?b#c"])
def test_any_other_folder_is_refused_with_the_rule(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidName, match="write file:/// and an absolute folder"):
        open_store(url, tmp_path)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "/srv/store", "store", "", "https://a/b"])
def test_other_schemes_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidName, match="only file:/// stores are supported"):
        open_store(url, tmp_path)
