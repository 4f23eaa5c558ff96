"""The demo carried out: landing zone, history, first champion, live nights, the page.

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
from deployments.demo.summary import print_summary
from deployments.landing import lay_out, reissue
from deployments.page.render import write_page
from deployments.printing import print_lines
from flows.find import find_project
from flows.ingest import history
from flows.nightly import nightly
from flows.retrain import retrain
from schemas.night import Night
from schemas.settings import Settings
from tasks.home import home
from tasks.sources.simulated import read_simulated
from tasks.telling.nights import tell_night


def tell_story() -> None:
    """Run the whole story over the store and landing zone that the environment names."""
    landing = Settings().landing
    print(f"Landing zone: real flights of 2013, three events simulated, in {landing}")
    lay_out(landing, story.HISTORY[0], story.LIVE[1] + timedelta(days=1), story.EVENTS)
    for event in story.EVENTS:
        print(f"  {event.announce().sentence}")
    first, last = story.HISTORY
    print(f"History: {first} to {last}, ingested in one run")
    history.fn(story.PROJECT, first, last)
    print("First champion: judged against the constant on nights it has not seen")
    retrain.fn(story.PROJECT, last, actor=story.ACTOR)
    print("Live nights: each one decided, recorded, explained")
    for as_of in _days(*story.LIVE):
        _live_night(landing, as_of)
    sum_up(landing)


def sum_up(landing: Path) -> None:
    """The summary on the terminal and the page beside the store, whose path is printed last."""
    print("Summing up: the same nights trained once, and on the schedule alone")
    facts = collect_facts(
        home(),
        find_project(story.PROJECT),
        (*read_simulated(landing), story.EDIT_ANNOUNCED),
        Settings().cache / "replay",
        lambda text: print(f"  {text}", flush=True),
    )
    page = write_page(Settings().store_folder.parent / "demo.html", render_demo(facts))
    print_summary(facts, page)


def _live_night(landing: Path, as_of: date) -> None:
    if as_of == story.REISSUED_ON:
        reissue(landing, story.BROKEN.first, story.EVENTS)
        print(f"  {story.BROKEN.first} is delivered again, corrected (simulated)")
    edited = story.EDITED[0] <= as_of <= story.EDITED[1]
    with _edited_recipe(landing.parent / "demo-projects", edited):
        key = nightly.fn(story.PROJECT, as_of)
    _print_night(key, edited)


def _print_night(key: str, edited: bool) -> None:
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
    print_lines(title, notes + [(line.step, line.text) for line in lines])


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
