"""What the parts of a stack find in their environment. Command lines hold no setting: /proc shows.

The settings themselves are `schemas.settings`.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import PydanticBaseSettingsSource

from deployments.stack.addresses import Stack
from deployments.stack.processes import MARK
from schemas.settings import Settings

_SECRET = ("DRIFTLOOP_ALERT_URLS", "DRIFTLOOP_HEARTBEAT_URL")
_PREFIX = "DRIFTLOOP_"
_SERVER = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # finished runs older than 90 days go too: the store is the record, Prefect's database is not
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
}
_WORKER = {
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "5",
}


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings that this environment gives, whatever the one of this process says."""
    names = {_PREFIX + field.upper(): field for field in Settings.model_fields}
    given: dict[str, Any] = {names[name]: text for name, text in env.items() if name in names}
    return _Given(**given)


def settings_env(settings: Settings) -> dict[str, str]:
    """The settings that are no secret, as variables; every folder absolute."""
    found = {
        "STORE": settings.store,
        "S3_ADDRESSING": settings.s3_addressing,
        "CACHE": str(settings.cache.absolute()),
        "LANDING": str(settings.landing.absolute()),
        "DATA": str(settings.data.absolute()),
        "PROJECTS": str(settings.projects.absolute()) if settings.projects else "",
        "REPORTS_URL": settings.reports_url,
    }
    return {_PREFIX + name: text for name, text in found.items() if text}


def part_env(name: str, stack: Stack, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of one part: the caller's, ours in place of any Prefect setting of theirs."""
    given = {k: v for k, v in env.items() if _is_kept(k) and (name == "worker" or k not in _SECRET)}
    proxied = {"NO_PROXY", "no_proxy"} & given.keys() or {"NO_PROXY"}
    return {
        **given,
        **{key: ",".join(filter(None, [given.get(key), stack.host])) for key in proxied},
        **stack.client_env,
        **settings_env(read_settings(env)),
        **(_server(stack) if name == "server" else _WORKER if name == "worker" else {}),
        "DRIFTLOOP_REPORTS_URL": env.get("DRIFTLOOP_REPORTS_URL") or stack.pages_url,
        "PYTHONUNBUFFERED": "1",
        MARK: mark_of(stack.folder),
    }


def mark_of(folder: Path) -> str:
    """The mark that processes of this folder's stack carry."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def fingerprints(env: Mapping[str, str]) -> dict[str, str]:
    """Each setting in so few digits that a change shows and a secret does not."""
    chosen = settings_env(read_settings(env)) | {k: env[k] for k in _SECRET if env.get(k)}
    return {k: hashlib.sha256(f"{k}={v}".encode()).hexdigest()[:8] for k, v in chosen.items()}


def _is_kept(name: str) -> bool:
    """Not another server's address or key; nor what makes every process compile its imports."""
    if name.startswith("PREFECT_"):
        return name.startswith("PREFECT_LOGGING_")
    return name not in ("PYTHONDONTWRITEBYTECODE", MARK)


def _server(stack: Stack) -> dict[str, str]:
    # any page a browser shows could otherwise use the API, which has no login
    origins = {f"http://{name}:{stack.api_port}" for name in (stack.host, "127.0.0.1", "localhost")}
    return {
        **_SERVER,
        # without these two the UI asks port 4200, whatever --port says
        "PREFECT_SERVER_API_HOST": stack.host,
        "PREFECT_SERVER_API_PORT": str(stack.api_port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(sorted(origins)),
    }


class _Given(Settings):
    """Settings from what is given alone."""

    @classmethod
    def settings_customise_sources(
        cls, *_: Any, **sources: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        init: PydanticBaseSettingsSource = sources["init_settings"]
        return (init,)
