"""The store: whether it answers, keeps its promise, and what time it thinks it is."""

from datetime import UTC, datetime

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, skipped, warn
from schemas.errors import StoreUnavailable
from schemas.settings import current_settings
from tasks.store import keys
from tasks.store.backend import Backend
from tasks.store.open import open_backend
from tasks.store.probe import MEANINGS, Verdict, probe

_PATIENCE_SECONDS = 6.0
_WARN_SECONDS, _FAIL_SECONDS = 5, 900
_STEPS: dict[Verdict, str] = {
    "racy": "use another S3 server: nothing on this one makes the promise true (docs/doctor.md)",
    "ignored": "is the bucket versioned? Use one that never was; else another S3 server "
    "(docs/doctor.md)",
    "refused": "let the policy of these credentials allow conditional puts, or use another S3 "
    "server (docs/doctor.md)",
}


def check_address(_: Case) -> Finding:
    """Address and credentials, by one listing."""
    backend = _backend()
    backend.keys(keys.PROBES)
    return ok(f"{backend.describe()} answers and lets us in")


def check_promise(_: Case) -> Finding:
    """Whether it creates only if absent, always tried anew."""
    verdict = probe(_backend())
    if verdict == "atomic":
        return ok(f"atomic: {MEANINGS[verdict]}")
    return fail(f"{verdict}: {MEANINGS[verdict]}, so nothing is promoted there", _STEPS[verdict])


def check_clock(_: Case) -> Finding:
    """This machine's clock against the store's."""
    before = datetime.now(UTC)
    try:
        theirs = _backend().now()
    except StoreUnavailable:
        return skipped("the store does not tell the time")
    after = datetime.now(UTC)
    # a server tells whole seconds, at some moment between the two
    skew = max((theirs - after).total_seconds(), (before - theirs).total_seconds() - 1, 0)
    if skew <= _WARN_SECONDS:
        return ok("this machine and the store agree on the time")
    side = "behind" if theirs > after else "ahead of"
    saw = f"this machine's clock is {_spoken(skew)} {side} the store's"
    step = "set this machine's clock, for example with NTP: timedatectl set-ntp true"
    if skew < _FAIL_SECONDS:
        return warn(saw, step)
    return fail(f"{saw}; S3 refuses requests from 15 minutes on", step)


def _backend() -> Backend:
    settings = current_settings()
    return open_backend(settings.store, settings.s3_addressing, _PATIENCE_SECONDS)


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
