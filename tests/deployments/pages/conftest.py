"""Small worlds, for the tests of pages."""

from tests.building.fixtures import served, served_root, world, young_root

__all__ = ["served", "served_root", "world", "young_root"]
