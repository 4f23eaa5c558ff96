"""A template and its values as one HTML file that loads nothing: styles and plotly.js inside.

Figures are made by `deployments.page.plots`; everything else in a template is escaped.
"""

import base64
import hashlib
import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from deployments.page.paper import TEMPLATES, make_environment


def render_page(template: str, **values: Any) -> str:
    """The page. Scripts other than the two that draw are forbidden to it by its own policy."""
    scripts = {"plotly": _plotly(), "drawing": _drawing()}
    hashes = " ".join(_source(script) for script in scripts.values())
    values |= {name: Markup(script) for name, script in scripts.items()}
    return _environment().get_template(template).render(**values, script_sources=hashes)


def write_page(path: Path, html: str) -> Path:
    """The whole page or, after a crash, the one before it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        aside.write_text(html, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


@cache
def _environment() -> Environment:
    environment = make_environment(TEMPLATES)
    environment.filters["figure"] = _figure_json
    return environment


def _figure_json(figure: Any) -> Markup:
    """A figure as JSON that no content of it can break out of."""
    body = json.dumps(json.loads(figure.to_json()), separators=(",", ":"))
    safe = body.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script.replace("\r", "").replace("</script", "<\\/script")


@cache
def _drawing() -> str:
    return (TEMPLATES / "draw.js").read_text(encoding="utf-8")


def _source(script: str) -> str:
    """The script as a content security policy names it."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
