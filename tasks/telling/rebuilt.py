"""A version that was fitted again, in words. How that is done is `tasks.engine.rebuild`."""

from collections.abc import Iterator

from schemas.rebuilt import Rebuilt, RebuiltFit
from tasks.telling.line import Line

_SHORT = 12


def tell_rebuilt(rebuilt: Rebuilt) -> Iterator[Line]:
    """A line a fit, then the inputs that differ, or what equal bytes mean."""
    for fit in rebuilt.fits:
        yield Line(fit.role, _tell_fit(fit))
    if rebuilt.is_equal:
        yield Line("equal", "these rows, this recipe and this seed give the stored bytes")
        return
    for number, one in enumerate(rebuilt.differences):
        yield Line("first" if number == 0 else "and", one.sentence)
    if not rebuilt.differences:
        yield Line(
            "first",
            "no input that is recorded differs: another processor, operating system or build of "
            "a library, or a family or feature step that does not do the same twice",
        )


def _tell_fit(fit: RebuiltFit) -> str:
    about = f"{fit.rows:,} rows of {fit.nights} nights"
    if fit.model is None or fit.features is None:
        return f"{about}: could not be fitted again"
    return f"{about}: {_pair('model', fit.recorded_model, fit.model)}, " + _pair(
        "features", fit.recorded_features, fit.features
    )


def _pair(what: str, recorded: str, made: str) -> str:
    if recorded == made:
        return f"{what} {made[:_SHORT]} equal"
    return f"{what} {made[:_SHORT]} DIFFERS from {recorded[:_SHORT]}"
