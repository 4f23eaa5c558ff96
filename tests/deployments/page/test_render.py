"""Pages are written whole or not at all, and figures cannot break out of theirs."""

from pathlib import Path

import pytest

from deployments.page.plots import heat_map
from deployments.page.render import _figure_json, write_page


def test_a_page_replaces_the_one_before_and_leaves_nothing_aside(tmp_path: Path) -> None:
    path = tmp_path / "made" / "page.html"
    write_page(path, "one")
    assert write_page(path, "two") == path
    assert path.read_text() == "two"
    assert [found.name for found in path.parent.iterdir()] == ["page.html"]


def test_a_page_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    path = write_page(tmp_path / "page.html", "one")
    with pytest.raises(UnicodeEncodeError):
        write_page(path, "\ud800")
    assert path.read_text() == "one"
    assert [found.name for found in tmp_path.iterdir()] == ["page.html"]


def test_a_figure_holds_no_markup() -> None:
    body = str(_figure_json(heat_map([], {"</script><script>": []})))
    assert "<" not in body
    assert "&" not in body
