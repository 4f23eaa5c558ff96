"""The demo's page: complete, self-contained, and deaf to what data says."""

import re
from html import unescape

import pytest

from deployments.demo.facts import SimulatedFact
from deployments.demo.page import render_demo
from tests.deployments.demo.building import (
    FIRST,
    build_facts,
    build_night,
    build_retrain,
    days,
)

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def without_plotly(html: str) -> str:
    """The page without plotly.js, which names addresses that it never opens."""
    longest = max(re.findall(r"<script>.*?</script>", html, flags=re.DOTALL), key=len)
    return html.replace(longest, "")


@pytest.fixture(scope="module")
def page() -> str:
    return without_plotly(render_demo(build_facts()))


def test_every_night_has_its_square_and_its_row(page: str) -> None:
    for night in days():
        assert f'href="#night-{night}"' in page
        assert page.count(f'id="night-{night}"') == 1


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    assert not re.findall(r"https?:|//[a-z]|\ssrc=|<link|@import|url\(", page)
    assert "default-src 'none'" in page


def test_only_the_two_scripts_that_its_policy_names_can_run(page: str) -> None:
    policy = re.search(r"script-src ([^;]*);", unescape(page))
    assert policy is not None
    assert re.fullmatch(r"'sha256-[^']+' 'sha256-[^']+'", policy[1])
    assert page.count("<script>") == 1  # the drawing; plotly.js was taken out above


def test_what_is_simulated_is_marked_at_chart_square_row_and_retrain(page: str) -> None:
    assert page.count("<b>S1</b> Simulated: all is new.") == 2
    assert 'class="m-nothing-due simulated" href="#night-2026-03-09"' in page
    assert page.count('<span class="tag">simulated S1</span>') == 12 + 1 + 1


def test_markup_in_names_and_values_stays_text() -> None:
    evil = build_night(
        FIRST,
        mark="fault",
        nearness={EVIL: 1.5},
        drifted=(EVIL,),
        faults=(EVIL,),
        alerts=(EVIL,),
        simulated=(EVIL,),
    )
    facts = build_facts(
        project=EVIL,
        question=EVIL,
        nights=(evil, *build_facts().nights[1:]),
        retrains=(build_retrain(as_of=FIRST, cause=EVIL, sentence=EVIL),),
        simulated=(SimulatedFact("fault", FIRST, FIRST, EVIL),),
    )
    told = without_plotly(render_demo(facts))
    assert "<script>alert" not in told
    assert "<img" not in told
    assert "&lt;script&gt;alert" in told
    assert "\\u0026lt;script" in told  # figures: escaped for Plotly, then for the page


def test_a_story_without_retrains_or_simulations_has_a_page() -> None:
    told = render_demo(build_facts(retrains=(), promotions=(), simulated=(), defaults=()))
    assert "Nothing was promoted after the first champion." in told
