"""What a night does: modules directly here are Prefect tasks, folders below plain Python."""

import os

# XGBoost's threads otherwise spin while they wait, which on busy cores makes a fit many times
# slower (docs/performance.md). OpenMP reads it once, when the first library that brings it is
# loaded: that may be scikit-learn, by Evidently, so it stands here and not beside XGBoost.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
