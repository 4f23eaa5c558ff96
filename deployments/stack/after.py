"""What happens on a stack that is up. Starting it is `deployments.stack.start`."""

from deployments.stack.addresses import Stack
from deployments.stack.state import Tell


def after_start(stack: Stack, tell: Tell) -> None:
    """Give the server the deployments of every project: to be filled in."""
