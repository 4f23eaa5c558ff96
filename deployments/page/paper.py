"""A paper as one HTML file without a script, and what its template needs to show it.

What it tells is `tasks.telling.paper`; pages that draw with plotly are `.render`.
"""

import base64
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tasks.telling.escape import clean
from tasks.telling.markdown import Picture
from tasks.telling.paper import Paper

TEMPLATES = Path(__file__).parent / "templates"


def render_paper(told: Paper) -> str:
    """The page; it loads nothing and runs nothing."""
    return _environment().get_template("paper.html").render(told=told)


def make_environment(*folders: Path) -> Environment:
    """Templates of these folders, escaping everything, with what `sections.html` asks for."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["line"] = clean
    environment.filters["source"] = _source
    return environment


def _source(picture: Picture) -> str:
    """The picture inside of the page."""
    data = base64.b64encode(picture.svg.encode()).decode()
    return f"data:image/svg+xml;base64,{data}"


@cache
def _environment() -> Environment:
    return make_environment(TEMPLATES)
