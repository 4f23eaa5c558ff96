"""Small worlds and real receivers, for the tests of this folder."""

from tests.building.fixtures import world, young, young_root
from tests.building.receivers import web, web_server

__all__ = ["web", "web_server", "world", "young", "young_root"]
