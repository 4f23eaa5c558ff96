"""The landing zone, for the tests of this folder."""

from tests.landing import landing_zone, own_zone

__all__ = ["landing_zone", "own_zone"]
