"""Pages tell what the store holds, in the words of the terminal, and lead to each other."""

import gzip
import re
from datetime import date, timedelta

import pytest

from deployments.pages import collect
from deployments.why import explain_night
from schemas.batch import Batch
from schemas.night import Night
from schemas.profile import Profile
from schemas.record import ObjectRef
from tasks.store import keys
from tasks.store.ledger import append, read_standing
from tasks.telling.links import night_link, profile_link, report_link
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.deployments.pages.browsing import ADDRESS, browse, links

REPORT = "<p>drawn by a script</p><script>draw()</script>"


def revise(world: World, number: int, **changes: object) -> Night:
    """Record a night once more, changed."""
    before = world.recorded(number)
    seq = len(world.store.places("nights", NAME)) + 1
    told = {**changes, "revision": before.revision + 1, "seq": seq}
    night = before.model_copy(update=told)
    world.store.commit(keys.night(NAME, night.as_of, night.revision), night)
    return night


def with_report(world: World, number: int) -> ObjectRef:
    """Give a night a report."""
    ref = world.store.add_bytes(NAME, gzip.compress(REPORT.encode(), mtime=0), "html.gz")
    revise(world, number, report=ref)
    return ref


def with_profile(world: World, number: int) -> None:
    """Have a night's profile made."""
    page = world.store.add_bytes(NAME, gzip.compress(REPORT.encode(), mtime=0), "html.gz")
    profile = Profile(
        project=NAME,
        as_of=day(number),
        revision=1,
        batch="0" * 64,
        version=None,
        contract="0" * 64,
        page=page,
    )
    world.store.commit(keys.profile(NAME, day(number), 1), profile)


@pytest.mark.usefixtures("world")
def test_an_empty_store_says_what_to_type() -> None:
    page = browse("/")
    assert page.status_code == 200
    assert "driftloop night PROJECT" in page.text


def test_projects_show_newest_night_decision_and_champion(served: World) -> None:
    page = browse("/").text
    assert f'href="./{NAME}/{day(SERVED)}"' in page
    assert served.recorded(SERVED).decision.sentence in page
    assert str(served.champion) in page


def test_nights_stand_newest_first_with_state_and_outcome(served: World) -> None:
    page = browse(f"/{NAME}").text
    shown = [page.index(f">{day(number)}</a>") for number in range(SERVED, YOUNG - 1, -1)]
    assert shown == sorted(shown)
    assert "Retrain due</span>" in page
    assert "Promoted</span>" in page
    assert served.judgements(SERVED)[-1].sentence in page


def test_older_nights_are_a_page_of_their_own(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "NIGHTS_SHOWN", 5)
    page = browse(f"/{NAME}")
    oldest = day(SERVED - 4)
    assert f"/{NAME}?before={oldest}" in links(page)
    older = browse(f"/{NAME}?before={oldest}").text
    assert f">{oldest - timedelta(days=1)}</a>" in older
    assert f">{oldest}</a>" not in older
    assert str(served.champion) in older


def test_a_night_says_what_why_says_and_what_each_gate_said(served: World) -> None:
    page = browse(f"/{NAME}/{day(SERVED)}").text
    for _, text in explain_night(served.project, day(SERVED)).steps():
        assert text in page
    [judgement] = served.judgements(SERVED)
    for verdict in judgement.verdicts:
        assert f"<code>{verdict.gate}</code>" in page
        assert verdict.sentence in page


def test_a_revised_night_shows_its_newest_record_and_names_the_earlier(served: World) -> None:
    decision = served.recorded(SERVED).decision.model_copy(update={"sentence": "Decided anew."})
    revise(served, SERVED, decision=decision)
    page = browse(f"/{NAME}/{day(SERVED)}").text
    assert '<p class="lead">Decided anew.</p>' in page
    assert f"<code>{keys.night(NAME, day(SERVED), 1)}</code>" in page


def test_what_was_set_aside_is_told_by_reason_and_no_value_is_markup_or_sensitive(
    served: World,
) -> None:
    orders = build_orders(SERVED + 1).astype({"hour": object, "income": object})
    orders.loc[3, ["hour", "income"]] = ["<script>alert(1)</script>", "confidential"]
    served.deliver(SERVED + 1, orders)
    served.night(SERVED + 1)
    path = f"/{NAME}/{day(SERVED + 1)}"
    page = browse(path).text
    assert "40 rows read = 39 kept + 1 quarantined." in page
    told = ("hour", "not a number", "1", "2.5%", "&lt;script&gt;alert(1)&lt;/script&gt;")
    cells = [*told, "hour of the order", "the web shop"]
    assert re.findall(r"<td[^>]*>(.*?)</td>", page)[: len(cells)] == cells
    assert "confidential" not in page
    assert ">not shown</td>" in page
    assert f"driftloop quarantine {NAME} {day(SERVED + 1)} --rows 5" in page
    forget_what_is_sensitive(served, SERVED + 1)
    assert "script" not in browse(path).text, "an early record does not say what may be shown"


def forget_what_is_sensitive(world: World, number: int) -> None:
    """Record a night's batch once more, as an early version did."""
    key = world.recorded(number).batch
    assert key
    batch = world.store.record(key, Batch)
    early = tuple(one.model_copy(update={"sensitive": None}) for one in batch.failures)
    again = keys.batch(NAME, day(number), 2)
    world.store.commit(again, batch.model_copy(update={"revision": 2, "failures": early}))
    revise(world, number, batch=again)


def test_the_report_is_the_stored_page(served: World) -> None:
    with_report(served, SERVED)
    assert f"/{NAME}/{day(SERVED)}/report" in links(browse(f"/{NAME}/{day(SERVED)}"))
    answer = browse(f"/{NAME}/{day(SERVED)}/report")
    assert answer.text == REPORT
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_profile_is_linked_once_it_is_made_and_until_then_its_command_is_told(
    served: World,
) -> None:
    path, command = f"/{NAME}/{day(SERVED)}", f"driftloop report {NAME} {day(SERVED)} --profile"
    assert command in browse(path).text
    missing = browse(f"{path}/profile")
    assert (missing.status_code, command in missing.text) == (404, True)
    with_profile(served, SERVED)
    assert f"{path}/profile" in links(browse(path))
    answer = browse(f"{path}/profile")
    assert answer.text == REPORT
    assert "sandbox allow-scripts" in answer.headers["content-security-policy"]


def test_every_link_of_every_page_opens(served: World) -> None:
    with_report(served, SERVED)
    with_profile(served, SERVED)
    seen: set[str] = set()
    ahead = {"/"}
    while ahead:
        path = ahead.pop()
        seen.add(path)
        page = browse(path)
        assert page.status_code == 200, path
        if not path.endswith(("/report", "/profile")):
            ahead |= links(page) - seen
    assert {f"/{NAME}/{day(number)}" for number in range(SERVED + 1)} <= seen


def test_links_are_relative_so_that_a_prefix_may_stand_before_them(served: World) -> None:
    with_report(served, SERVED)
    for path in ("/", f"/{NAME}", f"/{NAME}/{day(SERVED)}", f"/{NAME}/{day(1)}/report"):
        assert 'href="/' not in browse(path).text


def test_links_in_messages_are_the_routes_of_the_pages(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTLOOP_REPORTS_URL", f"{ADDRESS}/")
    with_report(served, SERVED)
    with_profile(served, SERVED)
    for link in (f(NAME, day(SERVED)) for f in (night_link, report_link, profile_link)):
        assert browse(str(link)).status_code == 200


@pytest.mark.usefixtures("served")
def test_what_is_simulated_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def announced(project: str, as_of: date) -> tuple[str, ...]:
        assert project == NAME
        return ("Simulated: a storm.",) if as_of == day(SERVED) else ()

    monkeypatch.setattr(collect, "_announced", announced)
    assert "Simulated: a storm." in browse(f"/{NAME}/{day(SERVED)}").text
    assert browse(f"/{NAME}").text.count(">simulated</span>") == 1


def test_frozen_promotion_is_shown_with_its_exit(served: World) -> None:
    standing = read_standing(served.store, NAME)
    append(served.store, NAME, standing, "freeze", as_of=day(SERVED), reason="<audit>", actor="me")
    page = browse(f"/{NAME}").text
    assert "&lt;audit&gt;" in page
    assert f"driftloop unfreeze {NAME}" in page


def test_a_models_card_is_linked_from_its_project_and_says_what_the_file_says(
    served: World,
) -> None:
    path = f"/{NAME}/card/{served.champion}"
    assert path in links(browse(f"/{NAME}"))
    page = browse(path)
    assert page.status_code == 200
    assert "Will this order be returned?" in page.text
    assert "a row higher on every gate night would have refused it" in page.text
    assert browse(f"/{NAME}/card/v0000000000000000").status_code == 404
    assert browse(f"/{NAME}/card/nothing").status_code == 404
