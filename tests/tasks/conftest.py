"""Small worlds and real receivers, for the tests of tasks."""

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
