"""Model families, one a file. How their models are judged is `tasks.gates`."""

import os

# XGBoost's threads otherwise spin while they wait, which on shared cores costs 2 to 4 times the
# CPU of a fit (docs/performance.md). OpenMP reads it when it is loaded, so before any import of it.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
