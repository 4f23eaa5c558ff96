"""The demo's page: facts, figures and sentences in the template demo.html."""

from dataclasses import dataclass
from datetime import date

from deployments.demo.facts import Facts, NightFact
from deployments.demo.figures import (
    STYLES,
    defaults_figure,
    drift_figure,
    quality_figure,
    rows_figure,
    silent_columns,
)
from deployments.demo.sentences import (
    admit,
    count_outcomes,
    early_promotion,
    mean_losses,
    tell_defaults,
    tell_quality,
    tell_story,
)
from deployments.page.render import render_page


@dataclass(frozen=True)
class Square:
    """One night of the strip."""

    as_of: date
    mark: str
    text: str
    simulated: bool
    was_refused: bool


def render_demo(facts: Facts) -> str:
    """The page as one HTML file."""
    return render_page(
        "demo.html",
        facts=facts,
        story=tell_story(facts),
        quality=tell_quality(facts),
        means=mean_losses(facts),
        admission=admit(facts),
        defaults=tell_defaults(facts),
        counts=count_outcomes(facts),
        kept=facts.history_rows + sum(night.kept for night in facts.nights),
        aside=sum(night.quarantined for night in facts.nights),
        closest=_worth_a_look(facts),
        strip=[_square(night) for night in facts.nights],
        marks={"nothing due": "nothing due", **{k: s.name for k, s in STYLES.items()}},
        shown_marks=_shown_marks(facts),
        simulated=_by_night(facts),
        silent=silent_columns(facts),
        figures={
            "quality": quality_figure(facts),
            "drift": drift_figure(facts),
            "rows": rows_figure(facts),
            "defaults": defaults_figure(facts),
        },
    )


def _square(night: NightFact) -> Square:
    told = [f"{night.as_of}: {revision.sentence}" for revision in night.revisions]
    return Square(
        as_of=night.as_of,
        mark=night.mark,
        text=" ".join([*told, *night.simulated]),
        simulated=bool(night.simulated),
        was_refused=any(revision.data == "refused" for revision in night.revisions),
    )


def _shown_marks(facts: Facts) -> set[str]:
    """Marks that some square bears, as its colour or as its bar."""
    refused = any(r.data == "refused" for night in facts.nights for r in night.revisions)
    return {night.mark for night in facts.nights} | ({"batch refused"} if refused else set())


def _by_night(facts: Facts) -> dict[date, list[str]]:
    """Labels of what is simulated on each night, as in the quality figure."""
    return {
        night.as_of: [
            f"S{number}"
            for number, event in enumerate(facts.simulated, start=1)
            if event.covers(night.as_of)
        ]
        for night in facts.nights
    }


def _worth_a_look(facts: Facts) -> date:
    """The night to look at first: that of the alarm, or else the newest."""
    early = early_promotion(facts)
    return early.as_of if early else facts.nights[-1].as_of
