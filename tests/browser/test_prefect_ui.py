"""Prefect's UI with driftloop's deployments, as a person uses it: lists, forms, a retrain by hand.

The tests stand in order: the first starts the night that the last one retrains on.
"""

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TONIGHT, Shop
from tests.building.project import NAME
from tests.building.rows import day

DECISIONS = ("promote", "rollback", "ack", "accept", "freeze", "unfreeze")
FORMS = ("retrain", "nightly", "replay", "search", *DECISIONS)
RUN_NAME = f"{NAME} {day(TONIGHT)}"
REFUSALS = {
    "": "^'reason' is a required property$",
    "x": "^'x' is too short$",
    "   ": "^' +' does not match",
}

pytestmark = [
    *(pytest.mark.slow, pytest.mark.server),
    pytest.mark.usefixtures("chromium"),  # before the stack is started for nothing
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(240),
]


def open_form(shop: Shop, page: Page, flow: str) -> None:
    """By the UI's own router, which follows the history: a new load would take seconds."""
    page.evaluate("place => history.pushState({}, '', place)", shop.form_of(flow))
    expect(page.get_by_role("navigation", name="breadcrumb")).to_contain_text("Run")
    expect(page.get_by_role("link", name=flow, exact=True)).to_be_visible()
    expect(page.get_by_label("project")).to_have_value(NAME)


def row_of(page: Page, flow: str) -> Locator:
    """The row of a flow's deployment in the list."""
    link = page.get_by_role("link", name=flow, exact=True)
    return page.get_by_role("row").filter(has=link)


def run_of(page: Page, flow: str) -> Locator:
    """The card of a flow's run on tonight in the list; scheduled ones have no such name yet."""
    cards = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox"))
    of_flow = cards.filter(has=page.get_by_role("link", name=flow, exact=True))
    return of_flow.filter(has=page.get_by_role("link", name=RUN_NAME, exact=True))


def submit(page: Page) -> None:
    """Send the form, and see that the run is taken.

    Prefect on SQLite answers 503, and makes no run, while another write holds its database
    (measured); a person then submits again. No other answer is tried again.
    """
    for _ in range(5):
        with page.expect_response(re.compile("/create_flow_run$")) as answer:
            page.get_by_role("button", name="Submit").press("Enter")
        if answer.value.status != HTTPStatus.SERVICE_UNAVAILABLE:
            break
    assert answer.value.status == HTTPStatus.CREATED
    expect(page.get_by_text("scheduled to start now")).to_be_visible()


def test_a_night_is_started_by_its_form_for_the_date_that_was_picked(
    shop: Shop, page: Page
) -> None:
    open_form(shop, page, "nightly")
    page.get_by_role("tab", name="date").click()
    page.get_by_text("Pick a date").click()
    picked = page.get_by_placeholder("yyyy-MM-dd")
    picked.fill(str(day(TONIGHT)))
    picked.press("Enter")
    picked.press("Escape")
    expect(picked).to_be_hidden()
    submit(page)
    assert [run["parameters"]["as_of"] for run in shop.runs("nightly")] == [str(day(TONIGHT))]


def test_deployments_are_listed_with_the_schedule_of_the_nights(shop: Shop, page: Page) -> None:
    page.goto(shop.page_of("deployments?limit=25"))
    expect(page.get_by_text("17 Deployments")).to_be_visible()
    for flow in ("nightly", "retrain"):
        expect(row_of(page, flow).get_by_role("link", name=NAME, exact=True)).to_be_visible()
    expect(row_of(page, "nightly")).to_contain_text("At 02:00 AM")


@pytest.mark.parametrize("flow", FORMS)
def test_a_form_says_what_each_parameter_is_and_takes_no_decision_without_a_reason(
    shop: Shop, page: Page, flow: str
) -> None:
    open_form(shop, page, flow)
    parameters = shop.deployment(flow)["parameter_openapi_schema"]["properties"]
    for parameter in parameters.values():
        expect(page.get_by_text(parameter["description"], exact=True)).to_be_visible()
    assert ("reason" in parameters) == (flow in DECISIONS)
    if flow in DECISIONS:
        check_refusals(page)
        assert shop.runs(flow) == []


def check_refusals(page: Page) -> None:
    """None, too short a one and blanks are no reason."""
    page.get_by_label("actor").fill("ann")
    for reason, refusal in REFUSALS.items():
        page.get_by_label("reason").fill(reason)
        # by key: what the UI said of the reason before lies on top of the button
        page.get_by_role("button", name="Submit").press("Enter")
        expect(page.get_by_text(re.compile(refusal))).to_be_visible()


def test_a_retrain_by_hand_leads_from_its_badge_to_its_page_and_to_evidentlys_report(
    shop: Shop, page: Page
) -> None:
    shop.await_run("nightly")
    page.goto(shop.page_of("deployments?limit=25"))
    row_of(page, "retrain").get_by_role("link", name=NAME, exact=True).click()
    expect(page.get_by_text("0 Flow runs")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Custom run").click()
    submit(page)
    shop.await_run("retrain")

    page.get_by_role("link", name="Runs").first.click()
    expect(run_of(page, "nightly")).to_contain_text("Nothing due")
    expect(run_of(page, "retrain")).to_contain_text("Promoted")
    run_of(page, "retrain").get_by_role("link", name=RUN_NAME).click()
    page.get_by_role("tab", name="Artifacts").click()
    page.get_by_role("link", name=f"retrain-{NAME}").click()
    check_retrain_page(page)

    page.get_by_role("link", name="The night's page").click()
    expect(page).to_have_url(f"{shop.stack.pages_url}/{NAME}/{day(TONIGHT)}")
    expect(page.get_by_role("heading", name=f"{NAME}, night of {day(TONIGHT)}")).to_be_visible()
    page.get_by_role("link", name="Drift report").click()
    expect(page.get_by_role("cell", name="amount")).to_be_visible()
    expect(page.get_by_text("KS distance").first).to_be_visible()


def check_retrain_page(page: Page) -> None:
    """Decision, gates and a picture that was drawn."""
    decision = page.get_by_role("strong").filter(has_text="which serves from the next night")
    expect(decision).to_contain_text(re.compile(r"^Promoted v[0-9a-f]{16}"))
    expect(page.get_by_role("row").filter(has_text="not_worse")).to_contain_text("passed")
    picture = page.get_by_role("img", name="challenger")
    assert picture.evaluate("shown => shown.decode().then(() => shown.naturalWidth)") > 0
