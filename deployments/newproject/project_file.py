"""The project's file: source, label delay, cleaning, features, family, gates, policy."""

from collections.abc import Iterator

from deployments.newproject.naming import class_name, contract_module
from deployments.newproject.python import (
    Call,
    Code,
    Items,
    Named,
    Node,
    Noted,
    comment,
    literal,
    render,
    shown,
    sorted_imports,
    words,
)
from deployments.newproject.sampling import FromFiles, FromQuery
from schemas.errors import InvalidName
from tasks.inferring.guess import Answer, ColumnGuess, Guess, StepGuess
from tasks.sources.database import dialect_of, quoted

_MODULES = {
    "Policy": "schemas.policy",
    "Project": "schemas.project",
    "NormaliseWords": "tasks.cleaning.normalise_words",
    "NullSentinels": "tasks.cleaning.null_sentinels",
    "XGBoost": "tasks.families.xgboost",
    "Calendar": "tasks.features.calendar",
    "Categories": "tasks.features.categories",
    "Numbers": "tasks.features.numbers",
    "BeatsPrior": "tasks.gates.beats_prior",
    "Better": "tasks.gates.better",
    "NotWorse": "tasks.gates.not_worse",
    "Files": "tasks.sources.files",
    "Sql": "tasks.sources.sql",
}
_ROUNDS = "n_rounds=60, max_depth=6, learning_rate=0.2"


def write_project(name: str, guess: Guess, origin: FromFiles | FromQuery) -> str:
    """The file's text."""
    contract = class_name(name)
    project = render(Call("Project", tuple(_fields(name, contract, guess))), 0, len("PROJECT = "))
    source = render(_source(guess, origin), 0, len("SOURCE = "))
    query = "" if isinstance(origin, FromFiles) else _query(origin)
    used = [one for one in _MODULES if f"{one}(" in source + project]
    imports = sorted_imports([f"from {_MODULES[one]} import {one}" for one in used])
    return (
        f'"""{class_name(name)}: nights of about {guess.rows_a_night:,} rows, guessed from a '
        f'sample; see lines marked Review."""\n\n{imports}\n'
        f"from .{contract_module(name)} import {contract}\n\n"
        f"{_review('the zone whose midnights divide nights', guess.zone)}"
        f"ZONE = {literal(guess.zone.value)}\n{query}\n"
        f"{_review('the key', guess.key_why)}SOURCE = {source}\n\nPROJECT = {project}\n"
    )


def _review(what: str, answer: Answer) -> str:
    """A comment on what was guessed; none on what was given."""
    return "" if answer.is_given else comment(f"Review: {what}; {answer.why}.", 0)


def _query(origin: FromQuery) -> str:
    """The query as it was given, in lines where that can be read."""
    plain = all(line.isprintable() for line in origin.query.split("\n"))
    if plain and '"""' not in origin.query and "\\" not in origin.query:
        return f'ROWS = """\n{origin.query}\n"""\n'
    return f"ROWS = {literal(origin.query)}\n"


def _source(guess: Guess, origin: FromFiles | FromQuery) -> Call:
    keyed = (
        Named("time", Code(literal(guess.time))),
        Named("key", words(guess.key)),
        Named("target", Code(literal(guess.target))),
    )
    if isinstance(origin, FromQuery):
        return Call("Sql", (*_of_query(guess, origin), *keyed))
    told = {
        "file": origin.file,
        "labels": origin.labels,
        "separator": origin.separator,
        "encoding": origin.encoding,
    }
    given = (Named(name, Code(literal(value))) for name, value in told.items() if value)
    zone = Named("zone", Code("ZONE"))
    return Call("Files", (*given, keyed[0], zone, *keyed[1:]))


def _of_query(guess: Guess, origin: FromQuery) -> Iterator[Node]:
    time = quoted(origin.connection, guess.time)
    is_zoned = next(c.zone for c in guess.columns if c.role == "time") is None
    if guess.period == "hour":
        time = _in_utc(time, dialect_of(origin.connection), None if is_zoned else guess.zone.value)
    elif is_zoned and dialect_of(origin.connection) == "postgresql":
        time = f"({time} AT TIME ZONE '{guess.zone.value}')"
    time = time.replace(":", "\\:").replace("{", "{{").replace("}", "}}")
    rows = "FROM ({ROWS}) AS delivered"
    bounds = f"{time} >= :as_of AND {time} < :next"
    yield Named("connection", Code(literal(origin.connection)))
    yield Named("query", Code("f" + literal(f"SELECT * {rows} WHERE {bounds}")))
    yield Named("dates", Code("f" + literal(f"SELECT DISTINCT date({time}) {rows}")))


def _in_utc(time: str, dialect: str, zone: str | None) -> str:
    """The time as hours are asked for; `zone` is that of times that name none."""
    if dialect == "postgresql":
        named = f"{time} AT TIME ZONE '{zone}'" if zone else time
        return f"({named} AT TIME ZONE 'UTC')"
    if zone not in (None, "UTC"):
        raise InvalidName(
            f"--period hour: hours are those of UTC, and {dialect} cannot convert times of {zone}; "
            "give a query whose times are in UTC, with --zone UTC"
        )
    return f"datetime({time})" if dialect == "sqlite" else time


_ASKED = {"binary": "Will {} be 1?", "multiclass": "Which {} will it be?"}


def _fields(name: str, contract: str, guess: Guess) -> Iterator[Node]:
    asked = _ASKED.get(guess.task, "How large will {} be?")
    yield Named("name", Code(literal(name)))
    yield Named("about", Code(literal(asked.format(shown(guess.target)))))
    yield Named("timezone", Code("ZONE"))
    if guess.period != "day":
        yield Named("period", Code(literal(guess.period)))
    yield Named("contract", Code(contract))
    yield Named("task", Code(literal(guess.task)))
    yield Named("source", Code("SOURCE"))
    delay = Named("label_delay", Code(guess.delay.value))
    note = f"Review: nights until labels are complete; {guess.delay.why}."
    yield delay if guess.delay.is_given else Noted((note,), delay)
    if guess.cleaning:
        yield Named("cleaning", Items(tuple(map(_step, guess.cleaning))))
    yield Named("features", Items(tuple(_features(guess))))
    yield Named("family", Code(f"XGBoost({_ROUNDS})"))
    yield Named("gates", Code("(NotWorse(), Better(), BeatsPrior())"))
    if guess.policy:
        numbers = (
            Noted((f"Review: {one.note}.",), Named(one.name, Code(literal(one.value))))
            for one in guess.policy
        )
        yield Named("policy", Call("Policy", tuple(numbers)))


def _step(step: StepGuess) -> Node:
    if not step.is_evident:
        columns = ", ".join(map(shown, step.columns))
        values = f" ({', '.join(shown(str(value)) for value in step.values)})"
        what = f"{columns}{values if step.values else ''}"
        return Noted((f"Review: {what}: {step.note}.".replace("?.", "?"),))
    told: list[Node] = [Named("columns", words(step.columns))]
    if step.values:
        told.append(Named("values", words(step.values)))
    if step.case:
        told.append(Named("case", Code(literal(step.case))))
    note = step.note if step.note.endswith("?") else f"{step.note}."
    return Noted((f"Review: {note}",), Call(step.kind, tuple(told)))


def _features(guess: Guess) -> Iterator[Node]:
    features = guess.of_role("feature")
    if numbers := [one.name for one in features if _is_number(one)]:
        yield Call("Numbers", (Named("columns", words(numbers)),))
    if categories := [one.name for one in features if not _is_number(one)]:
        yield Call("Categories", (Named("columns", words(categories)),))
    told: list[Node] = [Named("zone", Code("ZONE")), Named("column", Code(literal(guess.time)))]
    if guess.time == "event_time":  # the step's own default
        del told[1]
    if not guess.has_clock:
        told.append(Named("parts", words(["weekday"])))
    yield Call("Calendar", tuple(told))


def _is_number(column: ColumnGuess) -> bool:
    return column.kind != "word"
