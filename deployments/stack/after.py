"""What happens on a stack that is up. Starting it is `deployments.stack.start`."""

from deployments.build import POOL
from deployments.deploying import deploy_projects
from deployments.server import connect
from deployments.stack.addresses import Stack
from deployments.stack.state import Tell


def after_start(stack: Stack, tell: Tell) -> None:
    """Give the server the deployments of every ready project."""
    with connect(stack) as client:
        deployed = deploy_projects(client, POOL)
    tell(deployed.summary)
    for project, problem in deployed.left_out:
        tell(f"left out: {project}: {problem}")
