"""A model's card says what the store knows of it, and what nobody knows."""

from tasks.engine.model_card import model_card
from tasks.engine.rollback import roll_back
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.telling.markdown import Picture
from tasks.telling.model_card import model_card_paper
from tasks.telling.paper import Commands, Facts, Paper, Table, Text
from tests.building.customers import begin
from tests.building.fixtures import GROWN, SERVED, YOUNG
from tests.building.older import forget_training_sets
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World


def card(world: World, version: str | None = None) -> Paper:
    """The page of a version, by default of the champion."""
    told = model_card(world.store, NAME, version or world.champion or "")
    return model_card_paper(told, world.project.about)


def said(paper: Paper, title: str) -> str:
    """All texts of a section, one a line; "" where there is none."""
    [*found] = [one for one in paper.sections if one.title == title]
    return "\n".join(text for one in found for block in one.blocks for text in _texts(block))


def _texts(block: object) -> list[str]:
    match block:
        case Text(text=text):
            return [text]
        case Facts(rows=rows):
            return [": ".join(row) for row in rows]
        case Table(headings=headings, rows=rows):
            return [" ".join(row) for row in (headings, *rows)]
        case Picture(alt=alt):
            return [alt]
        case Commands(lines=lines):
            return list(lines)
    return []


def test_a_refresh_is_told_with_its_rival_its_gates_and_who_served_before(served: World) -> None:
    first, second = (str(entry.version) for entry in entries(served.store, NAME))
    paper = card(served)
    [judgement] = served.judgements(SERVED)
    assert paper.title == f"{NAME} {second}"
    assert paper.lead.startswith(f"It serves, promoted as of {day(SERVED)}. On 6 nights that ")
    assert "that of the champion's stand-in" in paper.lead
    assert "question: Will this order be returned?" in said(paper, "What it answers")
    gates = said(paper, "Gate nights")
    assert judgement.contest is not None
    assert "not_worse passed gain at most" in gates
    assert "a row higher on every gate night would have refused it" in gates
    assert gates.count("\n2024-") == len(judgement.contest.nights)
    assert "night rows this model stand-in constant" in gates
    panel = said(paper, "Memorising or understanding")
    assert "this is of the retrain that introduced its recipe" in panel
    assert "planted labels taken over" in panel
    came = said(paper, "Where it came from, what came after")
    assert f"before it: {first}" in came
    assert keys.judgement(NAME, day(SERVED), 1) in came
    assert f"driftloop compare {NAME} {first} {second}" in said(paper, "Next")


def test_the_version_before_says_who_took_over_and_what_it_did_in_service(served: World) -> None:
    first, second = (str(entry.version) for entry in entries(served.store, NAME))
    paper = card(served, first)
    assert paper.lead.startswith(f"It served until {second} took over as of {day(SERVED)}.")
    assert "scored: 120 rows of 3 nights" in said(paper, "In service")
    assert "its usual loss is known from" in said(paper, "What is not known")
    assert "no night from then on" in said(paper, "Data")
    features = said(paper, "Features")
    assert "No gain shown" in features
    assert "judgements/" not in features  # examined itself


def test_a_refresh_names_the_retrain_whose_examination_it_shows(served: World) -> None:
    assert keys.judgement(NAME, day(YOUNG), 1) in said(card(served), "Features")


def test_losses_in_service_are_shown_once_labels_are_in(grown: World) -> None:
    for number in range(GROWN + 1, GROWN + 4):
        grown.live(number)
    first = str(entries(grown.store, NAME)[0].version)
    told = model_card(grown.store, NAME, first)
    points = {point.as_of: point for point in told.in_service.points}
    assert {day(GROWN + 1), day(GROWN + 2)} <= set(points)
    assert set(points) <= set(told.in_service.nights)
    assert "realised: log loss" in said(card(grown, first), "In service")


def test_the_data_that_changed_since_and_what_is_bad_are_told(served: World) -> None:
    served.deliver(YOUNG - 1, build_orders(YOUNG - 1, shift=1.0))
    served.night(YOUNG - 1)
    data = said(card(served), "Data")
    assert f"revised: delivered again since it was trained: 1 night, {day(YOUNG - 1)}" in data


def test_a_roll_back_a_promotion_by_hand_and_an_old_store_say_so(served: World) -> None:
    first, second = (str(entry.version) for entry in entries(served.store, NAME))
    roll_back(served.store, served.project, day(SERVED), first, "it was better", "ann")
    assert "after a roll-back as of" in card(served, first).lead
    assert f"took over as of {day(SERVED)}" in card(served, second).lead
    forget_training_sets(served)
    assert "not recorded by the driftloop that published it" in said(
        card(served), "What is not known"
    )


def test_without_a_judgement_no_quality_is_claimed(served: World) -> None:
    told = model_card(served.store, NAME, str(served.champion))
    paper = model_card_paper(told.model_copy(update={"judgement": None, "examined": None}))
    assert paper.lead == f"It serves, promoted as of {day(SERVED)}. "
    assert said(paper, "Gate nights") == ""
    gaps = said(paper, "What is not known")
    assert "no gate judged it" in gaps
    assert "its recipe was never examined" in gaps


def test_held_out_groups_and_cleaning_are_told(world: World) -> None:
    began = begin(world)
    assert "groups of customer were held out of the judged model" in said(card(began), "Data")
