"""At most three questions on a terminal: zone, key, label delay; each only if it is a guess."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from deployments.printing import clean
from schemas.zone import check_zone
from tasks.inferring.asked import Asked
from tasks.inferring.guess import Answer

Ask = Callable[[str], str]


def is_terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_zone(guess: Answer, ask: Ask) -> str:
    """The zone that nights are counted in."""
    return _ask(f"Time zone of nights ({guess.why})", guess.value, ask, check_zone)


def ask_rest(asked: Asked, key: Answer, delay: Answer, columns: Sequence[str], ask: Ask) -> Asked:
    """Key and label delay, where they are neither given nor sure."""

    def check_key(text: str) -> str:
        if missing := [one for one in text.split(",") if one not in columns]:
            raise ValueError(f"no column {missing[0]!a}")
        return text

    if not key.is_sure:
        what = f"Columns that name a row, with commas between ({key.why})"
        answer = _ask(what, key.value, ask, check_key)
        if answer != key.value:
            asked = replace(asked, key=tuple(answer.split(",")))
    if not delay.is_sure:
        answer = _ask(
            f"Nights until labels are complete ({delay.why})", delay.value, ask, _check_delay
        )
        asked = replace(asked, delay=int(answer))
    return asked


def _check_delay(text: str) -> str:
    if not text.isdecimal() or len(text) > 4:
        raise ValueError("write a number of nights")
    return text


def _ask(what: str, usual: str, ask: Ask, check: Callable[[str], str]) -> str:
    """The answer; the default where it is empty or nobody answers any more."""
    while True:
        try:
            answer = ask(f"{clean(what)} [{clean(usual)}]: ").strip()
        except EOFError:
            return usual
        if not answer:
            return usual
        try:
            return check(answer)
        except ValueError as error:
            print(f"  {clean(str(error))}")
