"""Tests of replays: a world that has lived for a while, lived through again."""
