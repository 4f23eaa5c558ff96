"""Some of the doctor's checks, asked as the command asks them."""

from deployments.doctor.checks import CHECKS
from deployments.doctor.examine import Case, examine
from deployments.doctor.finding import Finding


def look(*names: str, case: Case | None = None) -> dict[str, Finding]:
    """What these checks find, by name."""
    chosen = [check for check in CHECKS if check.name in names]
    assert len(chosen) == len(names)
    return {check.name: found for check, found in examine(case or Case(), chosen)}


def look_at(name: str, case: Case | None = None) -> Finding:
    """What one check finds."""
    return look(name, case=case)[name]
