"""Templates of the page server and their values. Everything in a template is escaped.

Pages that are written as files are `deployments.page`; their style sheet is shared.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from deployments.page.paper import TEMPLATES, make_environment

_MARKS = {
    "Nothing due": "nothing-due",
    "History": "nothing-due",
    "Retrain due": "undecided",
    "Undecided": "undecided",
    "Promotion pending": "undecided",
    "Waiting for approval": "undecided",
    "Promoted": "promoted",
    "Kept champion": "refused",
    "Change refused": "refused",
    "Worse on probation": "failed",
    "One class only": "refused",
    "Batch refused": "batch-refused",
    "Data fault": "fault",
    "Marked bad": "fault",
    "No data": "failed",
    "No data yet": "failed",
}


def render(template: str, path: str, **values: Any) -> str:
    """The page as HTML. Its links are relative, so that it may stand behind any address."""
    root = "../" * (path.count("/") - 1) or "./"
    return _environment().get_template(template).render(root=root, **values)


@cache
def style_sheet() -> str:
    """The style sheet of every page."""
    return "".join(
        _environment().get_template(name).render()
        for name in ("style.css", "paper.css", "pages.css")
    )


@cache
def _environment() -> Environment:
    environment = make_environment(Path(__file__).parent / "templates", TEMPLATES)
    environment.filters["mark"] = lambda state: _MARKS.get(state, "other")
    return environment
