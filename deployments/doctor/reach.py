"""Where messages go: alert addresses, the heartbeat's, the pages'. None of them is printed."""

import socket
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, skipped, warn
from schemas.settings import current_settings

_SECONDS = 5.0


def check_alerts(case: Case) -> Finding:
    """That apprise understands each address; with `alerts`, that each takes a test message."""
    from tasks.engine.posting import Message, alert_urls, not_understood, post

    urls = alert_urls()
    if not urls:
        return warn(
            "no alert URL is set, so nobody is told of anything",
            "set DRIFTLOOP_ALERT_URLS (docs/operations.md)",
        )
    bad = not_understood()
    if bad:
        numbers = ", ".join(map(str, bad))
        return fail(
            f"apprise does not understand alert URL number {numbers} of {len(urls)}",
            f"correct entry {numbers} of DRIFTLOOP_ALERT_URLS as apprise writes it "
            "(docs/operations.md)",
        )
    if not case.alerts:
        return ok(f"alert URLs understood: {len(urls)}; --alert sends a test message")
    _, problems = post([Message("driftloop doctor: a test", "Nothing is wrong.", "info")])
    if problems:
        step = "see that the target is up and its address right, then run it again"
        return fail("; ".join(problems), step)
    return ok(f"alert URLs that took a test message: {len(urls)}, which is all")


def check_heartbeat(_: Case) -> Finding:
    """That its server takes connections; asking for the address would report a good night."""
    url = current_settings().heartbeat_url.get_secret_value()
    if not url:
        return skipped("DRIFTLOOP_HEARTBEAT_URL is not set: nobody notices a machine that is off")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return _no_address("DRIFTLOOP_HEARTBEAT_URL")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return _no_address("DRIFTLOOP_HEARTBEAT_URL")
    try:
        with socket.create_connection((parts.hostname, port), _SECONDS):
            return ok("its server takes connections; it was not asked for, which counts as a night")
    except OSError as error:
        return fail(
            f"its server takes no connection ({type(error).__name__})",
            "correct DRIFTLOOP_HEARTBEAT_URL, or let this machine reach it",
        )


def check_pages(_: Case) -> Finding:
    """That the page server answers, to which messages link."""
    url = current_settings().reports_url
    if not url:
        return skipped("DRIFTLOOP_REPORTS_URL is not set: messages hold no links to pages")
    if urlsplit(url).scheme not in ("http", "https"):
        return _no_address("DRIFTLOOP_REPORTS_URL")
    try:
        with urlopen(Request(url, headers={"User-Agent": "driftloop"}), timeout=_SECONDS):
            return ok("the page server answers")
    except HTTPError as error:
        return fail(f"it answers HTTP {error.code}", "look at the log of the page server")
    except OSError as error:
        return fail(
            f"nothing answers there ({type(error).__name__})",
            "start the page server (driftloop up does), or correct DRIFTLOOP_REPORTS_URL",
        )


def _no_address(setting: str) -> Finding:
    return fail(f"{setting} holds no http(s) address", f"correct {setting}, or unset it")
