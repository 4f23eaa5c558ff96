"""Tests of the commands of `driftloop`."""
