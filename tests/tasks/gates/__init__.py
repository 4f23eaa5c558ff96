"""Tests of gates: each passes, refuses and abstains for a reason of its own."""
