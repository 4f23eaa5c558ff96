"""Where the parts of a stack answer. Which ports are free is `deployments.stack.ports`."""

from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Stack:
    """The addresses of a stack whose state is in `folder`."""

    folder: Path
    host: str
    api_port: int
    pages_port: int

    @property
    def api_url(self) -> str:
        """Prefect's API, as PREFECT_API_URL names it."""
        return f"http://{self.host}:{self.api_port}/api"

    @property
    def ui_url(self) -> str:
        """Prefect's present UI: without /v2 every link that Prefect makes opens the old one."""
        return f"http://{self.host}:{self.api_port}/v2"

    @property
    def pages_url(self) -> str:
        """The page server, as DRIFTLOOP_REPORTS_URL names it."""
        return f"http://{self.host}:{self.pages_port}"

    @property
    def client_env(self) -> dict[str, str]:
        """What a Prefect client needs to talk to this server and to no other."""
        return {
            "PREFECT_API_URL": self.api_url,
            "PREFECT_UI_URL": self.ui_url,
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
            "PREFECT_LOGGING_COLORS": "false",
            "DO_NOT_TRACK": "1",
            "DRIFTLOOP_REPORTS_URL": self.pages_url,
        }
