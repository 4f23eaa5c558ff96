"""One retrain attempt up to its judgement: fit, contest, gates, the committed record.

What a passed judgement leads to is `tasks.engine.publish` and `tasks.engine.promote`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pandas as pd

from schemas.batch import Batch
from schemas.errors import Damaged, Missing, ModelUnusable, StoreError
from schemas.judgement import Cause, Contest, Judgement, Outcome, Verdict
from schemas.ledger import Standing
from schemas.model import Card, Fit
from schemas.project import Project
from tasks.core.conclusion import conclude
from tasks.core.plan import embargo_of, refits_until_judged
from tasks.engine.circumstances import with_circumstances
from tasks.engine.contest import Bout, Match, Scored, hold_contest
from tasks.engine.examine import Findings, examine_if_new
from tasks.engine.fits import Fitter, predict
from tasks.engine.groups import knows_as_much
from tasks.engine.holdout import with_judged_before
from tasks.engine.past import Known, with_past
from tasks.engine.planning import Planned, plan_retrain
from tasks.engine.recutting import can_recut, contest_on_same_cuts
from tasks.engine.revive import revive
from tasks.engine.rows import load_rows
from tasks.engine.score import why_unscorable
from tasks.engine.self_test import try_gates
from tasks.engine.simplest import fit_simplest
from tasks.engine.standing import trigger_state
from tasks.engine.usable import is_one_class, nights_known_by
from tasks.store import Store, keys
from tasks.store.ledger import read_standing

_TRIED_ROWS = 20
KNOWN = 3
"""Newest champions whose fits may be used again, or more where the challenger is older."""


def make_attempt(store: Store, project: Project, as_of: date, cause: Cause) -> str | None:
    """Fit a challenger, judge it, commit the judgement and return its key.

    None when there is nothing to judge: no labelled night is newer than the stand-in's cut.
    """
    # listed before all else: another machine's equal attempt then takes this very number
    attempts = [key for _, key in store.places("judgements", project.name, as_of)]
    standing = read_standing(store, project.name)
    card = scorable_champion(store, project, standing)
    planned = plan_for(store, project, as_of, card, standing)
    if nothing_new(planned, card):
        return None
    judgement = _judge(store, project, as_of, cause, standing, card, planned, attempts)
    key = keys.judgement(project.name, as_of, judgement.number)
    store.commit(key, judgement)
    return key


def plan_for(
    store: Store, project: Project, as_of: date, card: Card | None, standing: Standing
) -> Planned:
    """The plan without today's open faults and bad nights."""
    left_out = standing.left_out(trigger_state(store, project.name).faulty)
    return plan_retrain(store, project, as_of, card, left_out)


def scorable_champion(store: Store, project: Project, standing: Standing) -> Card | None:
    """The champion's card, or None when it or its stand-in cannot score: only `prior` is a rival.

    Both are tried on a few rows of the newest night.
    """
    if standing.champion is None or why_unscorable(store, project, standing.champion):
        return None
    card = store.record(keys.card(project.name, standing.champion), Card)
    try:
        made_by = revive(project, card)
        rows = _newest_rows(store, made_by)
        if rows is not None:
            predict(store, made_by, (*card.members, *card.stand_in), rows)
    except (ModelUnusable, Missing, Damaged):
        return None
    return card


def _newest_rows(store: Store, project: Project) -> pd.DataFrame | None:
    places = reversed(store.places("batches", project.name))
    batches = (store.record(key, Batch) for _, key in places)
    batch = next((batch for batch in batches if batch.rows), None)
    if batch is None:
        return None
    rows = load_rows(store, project, batch).head(_TRIED_ROWS)
    return with_past(store, project, rows, Known(store, project.name).before(project, batch.as_of))


def nothing_new(planned: Planned, card: Card | None) -> bool:
    """Whether a refresh would meet no night that the stand-in has not already been judged on."""
    if planned.kind != "refresh" or card is None:
        return not planned.train
    cut = planned.split.cut
    return cut is None or cut <= card.stand_in[0].cut


def fitter_of(store: Store, project: Project, standing: Standing) -> Fitter:
    """A fitter that knows the fits of the newest champions: most challengers exist already."""
    known: dict[str, Fit] = {}
    back = max(KNOWN, refits_until_judged(project.policy, project.label_delay))
    versions = [standing.champion, *standing.previous_champions[: back - 1]]
    for version in filter(None, versions):
        with suppress(StoreError):  # a damaged card's fits are made anew
            card = store.record(keys.card(project.name, version), Card)
            known.update({fit.id: fit for fit in (*card.members, *card.stand_in)})
    return Fitter(store, project, known)


def _judge(
    store: Store,
    project: Project,
    as_of: date,
    cause: Cause,
    standing: Standing,
    card: Card | None,
    planned: Planned,
    attempts: Sequence[str],
) -> Judgement:
    held = _hold(store, project, standing, card, planned)
    contest = _complete(store, project, as_of, standing, card, held)
    verdicts = _verdicts(project, contest) if contest else ()
    tested = try_gates(project, contest, held.scored) if contest else None
    outcome, sentence = held.failure or conclude(planned.kind, contest, verdicts, tested)
    same = [key for key in attempts if store.record(key, Judgement).cause.night == cause.night]
    return Judgement(
        project=project.name,
        as_of=as_of,
        number=len(attempts) + 1,
        retrain=planned.kind,
        cause=cause,
        attempt=len(same) + 1,
        head=standing.seq,
        champion=standing.champion,
        recipe=project.recipe_digest,
        challenger=held.challenger,
        rival=held.rival,
        cut=planned.split.cut,
        embargo=embargo_of(project.label_delay),
        contest=contest,
        gates=tuple(gate.model_dump(mode="json") for gate in project.gates),
        verdicts=verdicts,
        outcome=outcome,
        sentence=sentence,
        row_rounds=held.spent,
        examination=held.findings.examination if held.findings else None,
        self_test=tested,
    )


@dataclass(frozen=True)
class _Held:
    """A contest that was held, or why it could not be."""

    challenger: Fit | None = None
    rival: tuple[str, ...] = ()
    match: Match | None = None
    spent: int = 0
    findings: Findings | None = None
    failure: tuple[Outcome, str] | None = None

    @property
    def scored(self) -> tuple[Scored, ...]:
        """The rows on which the gates of a change are tested."""
        return self.match.scored if self.match else ()


def _complete(
    store: Store, project: Project, as_of: date, standing: Standing, card: Card | None, held: _Held
) -> Contest | None:
    """The contest with all that gates judge besides losses."""
    if held.match is None or held.challenger is None:
        return None
    counted = with_judged_before(store, project, held.match.contest, held.challenger.id)
    return with_circumstances(store, project, as_of, standing, card, counted, held.findings)


def _hold(
    store: Store, project: Project, standing: Standing, card: Card | None, planned: Planned
) -> _Held:
    """An attempt that fails is a result: raised, it would stop every night until it is mended."""
    try:
        return _contest(store, project, standing, card, planned)
    except (ModelUnusable, Missing, Damaged) as error:
        return _Held(failure=("failed", f"Failed ({planned.kind}): {error}"))


def _contest(
    store: Store, project: Project, standing: Standing, card: Card | None, planned: Planned
) -> _Held:
    if not planned.train or planned.split.cut is None or is_one_class(planned.train):
        return _Held()
    fitter = fitter_of(store, project, standing)
    challenger, spent = fitter.fit_to_be_judged(planned.train, planned.split.cut)
    is_change = planned.kind == "change"
    findings = examine_if_new(store, project, planned, challenger)
    spent += findings.row_rounds if findings else 0
    others = findings.impostors if findings and is_change else {}
    if card is not None and is_change and can_recut(store, project, card, planned.nights):
        match, more = contest_on_same_cuts(fitter, revive(project, card), planned.nights, others)
        stand_in = tuple(fit.id for fit in card.stand_in)
        return _Held(challenger, stand_in, match, spent + more, findings)
    rival, more = _rival(fitter, card, planned) if card else (None, 0)
    simplest, for_it = fit_simplest(fitter, planned.train, planned.split.cut, planned.kind)
    spent += for_it
    bout = Bout(challenger, rival, planned.gate, {**others, **simplest})
    match = hold_contest(store, project, planned.kind, [bout], planned.split.nights_needed)
    met = tuple(fit.id for fit in rival[1]) if rival else ()
    return _Held(challenger, met, match, spent + more, findings)


def _rival(fitter: Fitter, card: Card, planned: Planned) -> tuple[tuple[Project, list[Fit]], int]:
    """The champion's stand-in, and what it cost to fit it anew where groups= was edited since.

    It knows rows that are to judge then, or lacks some that the challenger knows.
    """
    project = fitter.project
    made_by = revive(project, card)
    if knows_as_much(project, card.stand_in):
        return (made_by, [*card.stand_in]), 0
    cut = card.stand_in[0].cut
    nights = nights_known_by(project, planned.nights, cut)
    if not nights:
        raise ModelUnusable(
            f"{project.name}: groups= was edited, and no night before {cut} is left to fit the "
            f"champion's stand-in anew; driftloop promote {project.name} --override --reason ..."
        )
    fit, spent = Fitter(fitter.store, made_by, fitter.known).fit_to_be_judged(nights, cut)
    return (made_by, [fit]), spent


def _verdicts(project: Project, contest: Contest) -> tuple[Verdict, ...]:
    return tuple(verdict for gate in project.gates if (verdict := gate.judge(contest)) is not None)
