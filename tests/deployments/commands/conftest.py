"""Small worlds, for the tests of commands."""

from tests.building.fixtures import (
    grown,
    grown_root,
    served,
    served_root,
    world,
    young,
    young_root,
)

__all__ = ["grown", "grown_root", "served", "served_root", "world", "young", "young_root"]
