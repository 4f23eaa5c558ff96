"""Policies lived through a stored past with real fits, then compared. The store is only read."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import track

from schemas.errors import NotYet
from schemas.monitoring import DriftReference
from schemas.period import periods
from schemas.project import Project
from tasks.engine.replay.comparison import NEVER, NIGHTLY, Comparison, compare
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.engine.replay.simulate import Lived, simulate
from tasks.engine.replay.variants import Variant, make_variants
from tasks.engine.standing import nights_in_order
from tasks.store import Store


def compare_with_refits(
    store: Store,
    project: Project,
    variants: Sequence[Variant],
    folder: Path,
    first: date | None = None,
    last: date | None = None,
) -> Comparison:
    """Live through these nights under each variant, and under `never` and `nightly` besides.

    By default from the first decided night to the newest labelled one. Fits are kept in `folder`,
    so that a run which was stopped goes on where it was.

    Raises:
        NotYet: there are no labelled nights there, or none to fit a first champion on.
    """
    past = StoredPast(store, project)
    first = first or _first_decided(store, project.name)
    last = last or max(past.known_from, default=None)
    if last is None or first > last:
        raise NotYet(f"{project.name}: no labelled night from {first} on; name others with --from")
    fits = Fits(past, setting_of(project), folder)
    named = {variant.name: variant for variant in make_variants((NEVER, NIGHTLY), project.policy)}
    named = {**{variant.name: variant for variant in variants}, **named}
    return compare(project.task, live_all(fits, list(named.values()), [*periods(first, last)]))


def live_all(fits: Fits, variants: Sequence[Variant], nights: Sequence[date]) -> list[Lived]:
    """Each variant in turn, with its progress on the standard error."""
    references: dict[tuple[str, float], DriftReference] = {}
    console = Console(stderr=True)
    return [
        simulate(
            fits,
            variant,
            track(nights, f"{fits.setting.name}: {variant.name}", console=console, transient=True),
            references,
        )
        for variant in variants
    ]


def _first_decided(store: Store, project: str) -> date:
    for _, night in nights_in_order(store, project):
        if not night.evidence.history:
            return night.as_of
    raise NotYet(
        f"{project}: no decided night is recorded yet; name the first night to live through "
        "with --from: those before it must suffice for a first champion"
    )
