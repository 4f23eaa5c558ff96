"""The demo carried out: history, first champion, live nights, the page.

The story itself is `deployments.demo.story`. Run again it has no second effect.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from deployments.demo import story
from deployments.demo.collect import collect_facts
from deployments.demo.page import render_demo
from deployments.demo.receiver import Receiver
from deployments.demo.served import Here, Served, serve
from deployments.demo.stage import Stage
from deployments.demo.summary import print_summary
from deployments.demo.use import pull_and_predict
from deployments.landing import reissue
from deployments.page.render import write_page
from deployments.printing import clean, print_lines
from flows.find import find_project
from flows.ingest import history
from flows.nightly import nightly
from flows.retrain import retrain
from flows.search import search
from schemas.night import Night
from schemas.settings import current_settings
from tasks.engine.reconcile import find_undone
from tasks.engine.searches import newest_search, searches_for
from tasks.home import home
from tasks.sources.simulated import read_simulated
from tasks.telling.nights import tell_night


def tell_story(stage: Stage) -> Path:
    """Run the whole story over the store and landing zone that the environment names; its page."""
    landing = current_settings().landing
    print(f"Landing zone: real flights of 2013, three events simulated, in {landing}")
    for event in story.EVENTS:
        print(f"  {event.announce().sentence}")
    if stage.stack is None:
        _live(Here(story.PROJECT), stage.receiver)
    else:
        with serve(stage.stack, story.PROJECT) as runs:
            _live(runs, stage.receiver)
    page = _sum_up(current_settings().landing)
    pull_and_predict()
    print(page)
    return page


def _live(runs: Here | Served, receiver: Receiver) -> None:
    first, last = story.HISTORY
    print(f"History: {first} to {last}, ingested in one run")
    runs.run(history, first=first, last=last)
    _search(runs)
    print("First champion: judged against the constant on nights it has not seen")
    runs.run(retrain, as_of=last, actor=story.ACTOR)
    receiver.take()
    print("Live nights: each one decided, recorded, explained")
    for as_of in _days(*story.LIVE):
        _live_night(runs, receiver, as_of)


def _search(runs: Here | Served) -> None:
    """Once: another search would be another record."""
    print(f"Search: families and {story.TRIALS} sets of parameters, on nights to {story.SEARCHED}")
    if newest_search(home(), story.PROJECT, "tuned") is None:
        runs.run(search, as_of=story.SEARCHED, trials=story.TRIALS)
    for found in searches_for(home(), story.PROJECT, story.SEARCHED):
        print(f"  {found.why}")
    print(f"  Proposed, not taken; each model's card shows it: driftloop card {story.PROJECT}")


def _sum_up(landing: Path) -> Path:
    print("Summing up: the same nights trained once, and on the schedule alone")
    facts = collect_facts(
        home(),
        find_project(story.PROJECT),
        (*read_simulated(landing), story.EDIT_ANNOUNCED),
        current_settings().cache / "replay",
        lambda text: print(f"  {text}", flush=True),
    )
    page = write_page(current_settings().side_folder / "demo.html", render_demo(facts))
    print_summary(facts)
    return page


def _live_night(runs: Here | Served, receiver: Receiver, as_of: date) -> None:
    landing = current_settings().landing
    if as_of == story.REISSUED_ON:
        reissue(landing, story.BROKEN.first, story.EVENTS)
        print(f"  {story.BROKEN.first} is delivered again, corrected (simulated)")
    edited = story.EDITED[0] <= as_of <= story.EDITED[1]
    with _edited_recipe(landing.parent / "demo-projects", edited):
        key = runs.run(nightly, as_of=as_of)
        how = _carry_out(runs, home().record(key, Night))
    _print_night(key, edited, how)
    _print_alerts(receiver)


def _carry_out(runs: Here | Served, night: Night) -> str:
    """What the night decided: a drift alarm's retrain is the worker's, the others are done here."""
    if find_undone(home(), night.project) is None:
        return ""
    cause = night.decision.cause
    if cause and cause.kind == "drift" and runs.await_worker():
        return "the worker retrained, started by the event driftloop.drift.detected"
    runs.run(retrain, cause="event")
    return ""


def _print_night(key: str, edited: bool, how: str) -> None:
    """One line for a night on which nothing happened, all its lines for another."""
    night = home().record(key, Night)
    lines = list(tell_night(home(), key))
    quiet = night.decision.state == "Nothing due" and not night.decision.alerts
    if quiet:
        drift = next(line.text for line in lines if line.step == "drift")
        print(f"{story.PROJECT} {night.as_of}  {night.decision.sentence} Drift: {drift}")
        return
    title = f"{story.PROJECT} {night.as_of}"
    notes = [("simulated", story.EDIT_ANNOUNCED.sentence)] if edited else []
    told = [(line.step, line.text) for line in lines]
    print_lines(title, notes + told + ([("event", how)] if how else []))


def _print_alerts(receiver: Receiver) -> None:
    """Each alert's title as it was received; the drift alarm's in full."""
    for received in receiver.take():
        print(f"  alert received: {clean(received.title)}")
        if "drift in" in received.title:
            for line in received.text.splitlines():
                print(f"    | {clean(line)}")


@contextmanager
def _edited_recipe(folder: Path, edited: bool) -> Iterator[None]:
    """For as long as the block lasts, the project file says another recipe."""
    if not edited:
        yield
        return
    before = os.environ.get("DRIFTLOOP_PROJECTS")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{story.PROJECT}.py").write_text(story.EDIT)
    os.environ["DRIFTLOOP_PROJECTS"] = str(folder.absolute())
    try:
        yield
    finally:
        os.environ.pop("DRIFTLOOP_PROJECTS")
        if before is not None:
            os.environ["DRIFTLOOP_PROJECTS"] = before


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=day) for day in range((last - first).days + 1))
