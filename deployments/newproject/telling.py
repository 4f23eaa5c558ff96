"""What was guessed, in lines for people. Of the data only names are shown."""

from collections.abc import Iterator, Sequence

from deployments.newproject.making import Made
from deployments.newproject.python import shown
from tasks.inferring.guess import Answer, ColumnGuess, Guess

_MOST = 8


def tell_made(made: Made) -> Iterator[tuple[str, str]]:
    """The files, then what was found, most important first."""
    for path in made.files:
        yield ("replaced" if path in made.replaced else "wrote"), str(path)
    guess = made.guess
    yield "looked at", made.looked_at
    many = "night" if len(guess.nights) == 1 else "nights"
    nights = f"{len(guess.nights)} {many}, {guess.nights[0]} to {guess.nights[-1]}"
    what = "" if guess.period == "day" else f"each is one {guess.period}; "
    yield "nights", f"{nights}, {what}about {guess.rows_a_night:,} rows each"
    yield "task", f"{guess.task} of {shown(guess.target)}"
    yield "zone", _told(guess.zone)
    yield "key", _told(guess.key_why)
    yield "labels", f"complete after {_told(guess.delay)}"
    yield from _tell_columns(guess)
    yield from _tell_cleaning(guess)
    yield "review", f"{guess.notes} guesses are marked Review in the two files"


def _told(answer: Answer) -> str:
    taken = "" if answer.is_sure else "; a guess, see the file"
    return f"{shown(answer.value)} ({answer.why}{taken})"


def _tell_columns(guess: Guess) -> Iterator[tuple[str, str]]:
    yield "features", f"{len(guess.of_role('feature'))} of {len(guess.columns)} columns"
    leaks = [one for one in guess.columns if any("a leak?" in note for note in one.notes)]
    if leaks:
        yield "leaks?", f"{_names(leaks)}: ignored until you say that they are known in time"
    if sensitive := [one for one in guess.columns if one.sensitive]:
        yield "sensitive", f"{_names(sensitive)}: values are shown nowhere"
    others = [c for c in guess.of_role("ignored") if c not in leaks and not c.sensitive]
    if others:
        yield "ignored", f"{_names(others)}: the file says why"


def _tell_cleaning(guess: Guess) -> Iterator[tuple[str, str]]:
    for step in guess.cleaning:
        columns = ", ".join(map(shown, step.columns[:_MOST]))
        if step.is_evident:
            yield "cleans", f"{step.kind} of {columns}"
        else:
            yield "left to you", f"{columns}: clean with {step.kind}? The file says why"


def _names(columns: Sequence[ColumnGuess]) -> str:
    more = f" and {len(columns) - _MOST} more" if len(columns) > _MOST else ""
    return ", ".join(shown(one.name) for one in columns[:_MOST]) + more
