"""Tests of what a project keeps."""
