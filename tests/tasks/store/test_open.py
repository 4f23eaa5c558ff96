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


@pytest.mark.parametrize("url", ["/srv/store", "store", "", "https://a/b", "gs://bucket/a"])
def test_other_schemes_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidName, match="write s3://bucket/prefix or file:///absolute/folder"):
        open_store(url, tmp_path)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/", "s3://bucket"),
        ("s3://my.bucket/a", "s3://my.bucket/a"),
        ("s3://bucket/a/b.c/D_e/", "s3://bucket/a/b.c/D_e"),
    ],
)
def test_a_bucket_opens_without_being_asked(url: str, said: str, tmp_path: Path) -> None:
    assert open_store(url, tmp_path).backend.describe() == said


@pytest.mark.parametrize(
    "url",
    [
        *("s3:bucket", "s3://", "s3:///a", "s3://b", "s3://Bucket/a", "s3://bucket//a"),
        *("s3://user:secret@bucket/a", "s3://bucket:9000/a", "s3://bucket/a?b", "s3://bucket/a#b"),
        *("s3://bucket/../a", "s3://bucket/.a", "s3://bucket/a b", "s3://bucket/%2e"),
    ],
)
def test_any_other_bucket_is_refused_with_the_rule(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidName, match="write s3://bucket/prefix") as refused:
        open_store(url, tmp_path)
    assert "secret" not in str(refused.value)
