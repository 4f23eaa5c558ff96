"""What happens on a stack that is up. Starting it is `deployments.stack.start`."""

from deployments.build import POOL
from deployments.deploying import deploy_projects
from deployments.server import connect
from deployments.stack.addresses import Stack
from deployments.stack.state import Tell


def after_start(stack: Stack, tell: Tell) -> None:
    """Give the stack's server, whichever the environment names, every ready project's flows."""
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_KEY,
        PREFECT_API_URL,
        PREFECT_UI_URL,
        temporary_settings,
    )

    ours = {PREFECT_API_URL: stack.api_url, PREFECT_UI_URL: stack.ui_url}
    others = {PREFECT_API_AUTH_STRING, PREFECT_API_KEY}
    with temporary_settings(ours, restore_defaults=others), connect(stack) as client:
        deployed = deploy_projects(client, POOL)
    tell(deployed.summary)
    for project, problem in deployed.left_out:
        tell(f"left out: {project}: {problem}")
