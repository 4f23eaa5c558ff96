"""Tests of pages and of their parts."""
