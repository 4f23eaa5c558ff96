"""Every recorded decision computed again from what is recorded beside it; differences by key.

A night's decision follows from the state it followed, its evidence and its policy, a judgement's
verdicts from its contest and its gates. Whether objects are intact is `tasks.store.verify`.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

import tasks.gates
from schemas.judgement import Contest, Judgement, Verdict
from schemas.night import Night, TriggerState
from schemas.project import Gate, Project
from schemas.record import Value, canonical_json
from tasks.core.conclusion import conclude
from tasks.core.policy import decide
from tasks.engine.standing import nights_in_order
from tasks.store import Store

_LED_NOWHERE = ("failed", "lost")
"""No verdict leads here: nothing could be judged, or what had passed was not promoted."""


@dataclass(frozen=True)
class Difference:
    """A record that says something else than what follows from it."""

    key: str
    sentence: str


@dataclass(frozen=True)
class Reproduced:
    """How many decisions were computed again, which differ, which could not be computed."""

    nights: int
    judgements: int
    differences: tuple[Difference, ...]
    notes: tuple[Difference, ...]


def reproduce(store: Store, project: Project) -> Reproduced:
    """Compute every night's decision and every judgement's verdicts again, in commit order."""
    nights = nights_in_order(store, project.name)
    judgements = [
        (key, store.record(key, Judgement)) for _, key in store.places("judgements", project.name)
    ]
    differences = list(_night_differences(nights))
    notes = []
    gates = _gate_classes(project)
    passed = {key for key, judgement in judgements if judgement.outcome == "passed"}
    for key, judgement in judgements:
        known = _revive_gates(judgement, project, gates)
        if known is None:
            notes.append(Difference(key, "judged by gates that are not here any more"))
        else:
            differences += _judgement_differences(key, judgement, known, passed)
    return Reproduced(len(nights), len(judgements), tuple(differences), tuple(notes))


def _night_differences(nights: list[tuple[str, Night]]) -> Iterator[Difference]:
    records = dict(nights)
    before: tuple[str, Night] | None = None
    for key, night in nights:
        problem = _broken_link(before, night)
        if problem:
            yield Difference(key, problem)
        followed = records.get(night.follows.key) if night.follows else None
        state = followed.trigger if followed else TriggerState()
        trigger, decision = decide(state, night.evidence, night.policy)
        yield from _compare(key, "decision", decision, night.decision)
        yield from _compare(key, "trigger", trigger, night.trigger)
        before = key, night


def _compare(key: str, what: str, mine: Value, recorded: Value) -> Iterator[Difference]:
    """Byte by byte, in the form in which records are stored."""
    one, other = mine.model_dump(mode="json"), recorded.model_dump(mode="json")
    if canonical_json(one) != canonical_json(other):
        yield Difference(key, f"{what} not reproduced: {_differing(one, other)}")


def _broken_link(before: tuple[str, Night] | None, night: Night) -> str | None:
    """How the record fails to follow the one committed before it."""
    link = night.follows
    named = (link.key, link.digest) if link else None
    there = (before[0], before[1].digest) if before else None
    if named == there and night.seq == (before[1].seq + 1 if before else 1):
        return None
    if link and before and link.key == before[0]:
        return f"it follows {link.key} with another digest"
    return f"it follows {link.key if link else 'nothing'}, not {before[0] if before else 'nothing'}"


def _judgement_differences(
    key: str, judgement: Judgement, gates: tuple[Gate, ...], passed: set[str]
) -> Iterator[Difference]:
    contest = judgement.contest
    verdicts = tuple(_verdicts(gates, contest)) if contest else ()
    if verdicts != judgement.verdicts:
        mine = {verdict.gate: verdict.model_dump(mode="json") for verdict in verdicts}
        recorded = {verdict.gate: verdict.model_dump(mode="json") for verdict in judgement.verdicts}
        yield Difference(key, f"verdicts not reproduced: {_differing(mine, recorded)}")
    concluded = conclude(judgement.retrain, contest, verdicts, judgement.self_test)
    if judgement.outcome in _LED_NOWHERE and (contest is None or judgement.supersedes in passed):
        return
    if concluded != (judgement.outcome, judgement.sentence):
        text = f"outcome not reproduced: {concluded[0]}, recorded {judgement.outcome}"
        yield Difference(key, text)


def _verdicts(gates: tuple[Gate, ...], contest: Contest) -> Iterator[Verdict]:
    for gate in gates:
        verdict = gate.judge(contest)
        if verdict is not None:
            yield verdict


def _revive_gates(
    judgement: Judgement, project: Project, classes: dict[str, type[Gate]]
) -> tuple[Gate, ...] | None:
    """The gates as they were then; None when one is not here any more.

    A record that names none has the project's.
    """
    if not judgement.gates:
        return project.gates
    try:
        return tuple(_revive(dump, classes) for dump in judgement.gates)
    except (KeyError, ValidationError):
        return None


def _revive(dump: dict[str, Any], classes: dict[str, type[Gate]]) -> Gate:
    fields = {name: value for name, value in dump.items() if name != "kind"}
    return classes[dump["kind"]].model_validate(fields)


def _gate_classes(project: Project) -> dict[str, type[Gate]]:
    """Gates of this tree and of the project's own file, by name."""
    found = {type(gate).__name__: type(gate) for gate in project.gates}
    for module in pkgutil.iter_modules(tasks.gates.__path__):
        loaded = importlib.import_module(f"{tasks.gates.__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Gate) and value is not Gate:
                found[value.__name__] = value
    return found


def _differing(mine: dict[str, Any], recorded: dict[str, Any]) -> str:
    """The fields that differ, each as computed and as recorded, in short."""
    names = sorted({*mine, *recorded})
    return "; ".join(
        f"{name} {_short(mine.get(name))}, recorded {_short(recorded.get(name))}"
        for name in names
        if mine.get(name) != recorded.get(name)
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
