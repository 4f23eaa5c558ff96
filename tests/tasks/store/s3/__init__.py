"""Tests of the store in a bucket: what may happen between it and its server."""
