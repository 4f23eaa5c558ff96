"""Small worlds and real receivers, for the tests of tasks."""

import logging

import pytest

from tests.building.fixtures import (
    grown,
    grown_root,
    served,
    served_root,
    world,
    young,
    young_root,
)
from tests.building.receivers import mail_server, mailbox, to_web, web, web_server

__all__ = [
    "grown",
    "grown_root",
    "mail_server",
    "mailbox",
    "served",
    "served_root",
    "to_web",
    "web",
    "web_server",
    "world",
    "young",
    "young_root",
]


@pytest.fixture(autouse=True)
def our_log_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Import-linter, which a test of conventions calls, disables every logger it did not make."""
    monkeypatch.setattr(logging.getLogger("driftloop"), "disabled", False)
