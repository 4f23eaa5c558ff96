"""Tests of the page server."""
