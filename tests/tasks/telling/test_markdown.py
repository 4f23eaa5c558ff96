"""Blocks of a page: what they are given is text, whatever it says."""

import pytest

from tasks.telling.markdown import Picture, bold, code, links, page, picture, quote, table
from tests.tasks.telling.reading import HOSTILE, PAGE_TAGS, Seen


@pytest.mark.parametrize("text", HOSTILE)
def test_no_block_lets_text_become_markup(text: str) -> None:
    blocks = [
        *(quote(text), table((text, "n"), [(text, "1")], right=(1,)), bold(text)),
        picture(Picture("<svg/>", text)),
        code([text]),
    ]
    seen = Seen(page(text, blocks).markdown)
    assert set(seen.tags) <= PAGE_TAGS
    assert seen.tags.count("td") == 2
    assert seen.tags.count("pre") == 1
    assert seen.sources == ["data:image/svg+xml;base64,PHN2Zy8+"]
    assert seen.links == []


def test_a_page_opens_with_its_sentence_and_leaves_empty_blocks_out() -> None:
    made = page("Nothing due: <b>.", ["one", "", "two"])
    assert made.markdown == "**Nothing due: &#60;b&#62;.**\n\none\n\ntwo\n"
    assert made.sentence == "Nothing due: &#60;b&#62;."


def test_links_without_an_address_are_left_out() -> None:
    assert links([("report", None)]) == ""
    assert links([("report", "http://h/x y>z"), ("page", None)]) == (
        "[report](<http://h/x%20y&gt;z>)"
    )


def test_numbers_stand_to_the_right() -> None:
    assert table(("a", "n"), [("x", "1")], right=(1,)).splitlines()[1] == "| --- | ---: |"
