"""Links to the page server, which `driftloop up` starts; its routes are `deployments.pages`."""

from datetime import date

from schemas.settings import current_settings


def night_link(project: str, as_of: date) -> str | None:
    """The night's page, or None where DRIFTLOOP_REPORTS_URL names no server."""
    base = current_settings().reports_url.rstrip("/")
    return f"{base}/{project}/{as_of}" if base else None


def card_link(project: str, version: str) -> str | None:
    """The page of a model's card, or None where no server is named."""
    base = current_settings().reports_url.rstrip("/")
    return f"{base}/{project}/card/{version}" if base else None


def report_link(project: str, as_of: date) -> str | None:
    """The night's Evidently report, or None where no server is named."""
    night = night_link(project, as_of)
    return f"{night}/report" if night else None


def profile_link(project: str, as_of: date) -> str | None:
    """The night's profile, or None where no server is named."""
    night = night_link(project, as_of)
    return f"{night}/profile" if night else None
