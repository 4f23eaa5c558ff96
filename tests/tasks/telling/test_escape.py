"""Text from data shows as its own letters in Markdown, XML and Mermaid, and is nothing else."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.telling.escape import clean, markdown, mermaid, xml
from tests.tasks.telling.reading import HOSTILE, Seen

MARKUP = st.text(alphabet="<>&\"'`|[]()*_~\\${}#!-+=:/.@ \n\tw1aé😀", max_size=60)
ANY = st.one_of(MARKUP, st.text(max_size=200), st.sampled_from(HOSTILE))


@given(ANY)
def test_clean_text_is_one_line_that_can_be_sent(text: str) -> None:
    line = clean(text)
    assert line.translate(dict.fromkeys(map(ord, "\u200c\u200d"))).isprintable()
    line.encode()
    assert clean(line) == line


@given(ANY)
@example("1) x")
@example("2013. x")
@example("- x")
@example("---")
@example("===")
@example("    code")
def test_a_paragraph_shows_the_letters_of_its_text(text: str) -> None:
    seen = Seen(markdown(text))
    assert seen.text == clean(text)
    assert set(seen.tags) <= {"p"}


@given(ANY, ANY)
def test_a_cell_stays_one_cell(text: str, other: str) -> None:
    seen = Seen(f"| {markdown(text)} | {markdown(other)} |\n| --- | --- |\n")
    assert seen.tags.count("th") == 2
    assert set(seen.tags) <= {"table", "thead", "tr", "th"}
    assert seen.text == " ".join(f"{clean(text)} {clean(other)}".split())


@given(ANY)
def test_bold_text_is_bold_and_no_more(text: str) -> None:
    shown = clean(text)
    if not re.match(r"\w.*\w$", shown):
        return
    seen = Seen(f"**{markdown(text)}**")
    assert (seen.tags, seen.text) == (["p", "strong"], shown)


@given(ANY)
def test_xml_is_sound_and_says_the_same(text: str) -> None:
    element = ElementTree.fromstring(f'<t a="{xml(text)}">{xml(text)}</t>')
    assert (element.text or "") == clean(text)
    assert element.get("a") == clean(text)


@given(ANY)
def test_mermaid_gets_plain_letters_and_numbered_ones(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9_ .,:+%/()-]|#\d+;)*", mermaid(text))


@pytest.mark.parametrize(
    "text", ["https://example.test/x", "HTTP://example.test", "www.example.test", "a@example.test"]
)
def test_addresses_become_no_links(text: str) -> None:
    """Renderers find addresses in the text itself, so the letters must not stand side by side."""
    assert not re.search(r"(?i)https?://|www\.|\w@\w", markdown(text))


def test_a_long_text_is_cut() -> None:
    assert clean("x" * 5000, longest=10) == "xxxxxxxxx…"


def test_names_of_columns_are_readable_in_the_source() -> None:
    assert markdown("sched_dep_time 0.173 (z +0.9), not_worse: gain -0.0025") == (
        "sched_dep_time 0.173 (z +0.9), not_worse: gain -0.0025"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert Seen(markdown(text)).text == clean(text)
