"""Measures the error rates of the decision rules on real streams. The rules are in `tasks.core`."""
