"""Tests of single families; what all of them promise is `tests.contracts.test_families`."""
