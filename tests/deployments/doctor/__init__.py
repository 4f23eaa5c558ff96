"""Tests of driftloop doctor."""
