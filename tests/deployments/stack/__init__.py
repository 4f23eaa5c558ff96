"""Tests of the local stack: with small stand-ins for its parts, and once for real."""
