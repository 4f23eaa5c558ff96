"""Cleaning steps that a sample asks for; those that are not evident are told as comments."""

from collections.abc import Iterator, Sequence

from tasks.inferring.guess import StepGuess
from tasks.inferring.keying import Repeats
from tasks.inferring.kinds import Seen
from tasks.inferring.wording import Variants, variants_of


def guess_steps(
    seen: Sequence[Seen], key: tuple[str, ...], key_name: str, repeats: Repeats
) -> Iterator[StepGuess]:
    """Sentinels, then words, then what to do with repeated keys."""
    others = [one for one in seen if (one.name,) != key]  # labels come by the key as delivered
    yield from _sentinels(others)
    yield from _words([one for one in others if one.kind == "word"])
    if repeats.rows:
        named = f", such as {', '.join(map(ascii, repeats.examples))}" if repeats.examples else ""
        yield StepGuess(
            "KeepOne",
            (key_name,),
            is_evident=False,
            note=f"{repeats.rows:,} of {repeats.of:,} rows share their key with another row of "
            f"their night{named}. Equal ones count once; rows that differ are quarantined, and "
            f'more than 5% of a night refuse it. KeepOne(by=({key_name!a},), keep="last") keeps '
            "the last: see docs/data.md",
        )


def _sentinels(seen: Sequence[Seen]) -> Iterator[StepGuess]:
    """Columns with the same sentinels share a step."""
    together: dict[tuple[float | str, ...], list[str]] = {}
    for one in seen:
        if one.sentinels.evident:
            together.setdefault(one.sentinels.evident, []).append(one.name)
    for values, names in together.items():
        note = "they stand for a missing value; is that so?"
        yield StepGuess("NullSentinels", tuple(names), values=values, note=note)
    for one in seen:
        if one.sentinels.suspected:
            values = one.sentinels.suspected
            note = "do these values stand for a missing one? Then null them"
            yield StepGuess("NullSentinels", (one.name,), values, is_evident=False, note=note)


def _words(seen: Sequence[Seen]) -> Iterator[StepGuess]:
    found: dict[str, Variants] = {}
    for one in seen:
        if variants := variants_of(one.values):
            found[one.name] = variants
    by_case = [name for name, variants in found.items() if variants.case]
    by_blanks = [name for name, variants in found.items() if not variants.case]
    if by_case:
        words = sum(found[name].words for name in by_case)
        note = f"{words} {'word is' if words == 1 else 'words are'} written in several ways"
        yield StepGuess("NormaliseWords", tuple(by_case), case="lower", note=note)
    if by_blanks:
        note = "words have blanks around them"
        yield StepGuess("NormaliseWords", tuple(by_blanks), note=note)
