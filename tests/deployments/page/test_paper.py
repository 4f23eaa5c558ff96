"""A paper as a file: one document that loads nothing, whatever its texts say."""

from html.parser import HTMLParser

import pytest

from deployments.page.paper import render_paper
from tasks.telling.paper import Commands, Facts, Paper, Section, Table, Text
from tasks.telling.pictures.by_night import Band, Series, draw_by_night
from tests.building.rows import day
from tests.tasks.telling.reading import HOSTILE, texts_of


class Tags(HTMLParser):
    """Tags, attributes and text of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def _paper(text: str) -> Paper:
    picture = draw_by_night(text, text, [Series(text, {day(n): float(n) for n in range(3)})])
    blocks = (
        Text(text, warns=True),
        Facts(((text, text),)),
        Table((text, text), ((text, text),), right=(1,)),
        picture,
        Commands((text,)),
    )
    return Paper(text, text, (Section(text, blocks),))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_text_becomes_markup(text: str) -> None:
    plain, hostile = Tags(render_paper(_paper("x"))), Tags(render_paper(_paper(text)))
    assert hostile.tags == plain.tags
    assert [name for name, _ in hostile.attributes] == [name for name, _ in plain.attributes]
    assert "script" not in hostile.tags
    sources = [value for name, value in hostile.attributes if name == "src"]
    assert all(value.startswith("data:image/svg+xml;base64,") for value in sources)
    assert "href" not in dict(hostile.attributes)
    assert "\x1b" not in hostile.text
    assert "\u202e" not in hostile.text


def test_its_policy_allows_no_script_and_no_address() -> None:
    [policy] = [v for n, v in Tags(render_paper(_paper("x"))).attributes if v.startswith("default")]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_a_picture_by_night_is_sound_with_many_nights_one_night_and_a_band() -> None:
    many = {day(n): n / 7 for n in range(200)}
    one = {day(0): 1e9}
    for values in (many, one):
        series = [Series(name, values) for name in ("this", "that", "the other")]
        assert "the other" in texts_of(draw_by_night("t", "a", series).svg)
    band = draw_by_night("t", "a", [Series("gain", many)], Band(-1.0, 2.0))
    assert "0" in texts_of(band.svg)
