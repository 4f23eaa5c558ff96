"""Commands for trust: verify, rebuild."""

import sys

from deployments.commands.options import Json

_FOUND = 65


def verify(project: str, *, json: Json = False) -> None:
    """Check every record and all that it names; mend the hint; exit 65 when anything is wrong.

    What gc or mark-erased deleted is `expired`, and as it should be.
    """
    from deployments.counting import counting
    from deployments.printing import clean, print_json
    from flows.find import find_project
    from tasks.home import home
    from tasks.store import keys
    from tasks.store.verify import verify as walk

    name = find_project(project).name
    with counting(f"{name}: verifying") as tell:
        findings = walk(home(), name, tell)
    told = [(str(found.state), found.key, found.detail) for found in findings]
    mended = _mend(name)
    if mended:
        told.append(("mended", keys.champion(name), mended))
    if json:
        print_json([{"key": key, "state": state, "detail": text} for state, key, text in told])
    else:
        for state, key, text in told:
            print(clean(f"{state:<11}{key}: {text}"))
        print(f"{name}: {_summary([state for state, _, _ in told])}")
    if any(found.is_wrong for found in findings):
        sys.exit(_FOUND)


def rebuild(project: str, version: str | None = None, *, json: Json = False) -> None:
    """Fit a stored version again from the recorded revisions, recipe and seed; compare the bytes.

    Exits 0 where model and feature state are the stored bytes, else 1, with the first input that
    differs: a night's data that was erased or collected, the contract, a library, driftloop's own
    source. Nothing is written into the store.

    Args:
        project: The project's name.
        version: A stored model version, as history lists it; by default the champion.
        json: Print JSON for machines.
    """
    from deployments.printing import print_json, print_lines
    from flows.find import find_project
    from tasks.engine.cards import champion_of
    from tasks.engine.rebuild import rebuild as fit_again
    from tasks.home import home
    from tasks.telling.rebuilt import tell_rebuilt

    found = find_project(project)
    rebuilt = fit_again(home(), found, version or champion_of(home(), found.name))
    if json:
        print_json({**rebuilt.model_dump(mode="json"), "equal": rebuilt.is_equal})
    else:
        lines = [(line.step, line.text) for line in tell_rebuilt(rebuilt)]
        print_lines(f"{rebuilt.project} {rebuilt.version}", lines)
    if not rebuilt.is_equal:
        sys.exit(1)


def _mend(project: str) -> str | None:
    """Have the champion's hint say what the ledger says, where that one is sound."""
    from contextlib import suppress

    from schemas.errors import Damaged
    from tasks.home import home
    from tasks.store.ledger import mend_hint

    with suppress(Damaged):  # of the ledger: it is among the findings
        said = mend_hint(home(), project)
        return said and f"it said {said}; now it says what the ledger says"
    return None


def _summary(states: list[str]) -> str:
    fine = {state: states.count(state) for state in ("expired", "mended") if state in states}
    wrong = len(states) - sum(fine.values())
    counted = [f"{number} {state}" for state, number in fine.items()]
    found = f"{wrong} finding{'s' if wrong > 1 else ''}" if wrong else "all is sound"
    return ", ".join([found, *counted])


COMMANDS = {"verify": verify, "rebuild": rebuild}
