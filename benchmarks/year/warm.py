"""Imported by the server that workers are forked from: all that a night needs, nothing run yet."""

import deployments.copying
import flows.nightly
import tasks.families.xgboost
import tasks.report
import tasks.store.s3

__all__ = ["deployments", "flows", "tasks"]
