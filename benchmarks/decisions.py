"""Runs the acceptance rows of the decision rules and prints each figure beside its limit.

    python -m benchmarks.decisions [--only ROW] [--data FOLDER] [--cache FOLDER]

Figures and how they were measured are explained in docs/decisions.md. A new row is a function
from a Bench to figures, named in ROWS.
"""

import sys

from benchmarks import (
    rows_drift,
    rows_faults,
    rows_gates,
    rows_leaks,
    rows_probation,
    rows_quality,
    rows_replay,
    rows_thin,
    rows_windows,
)
from benchmarks.running import Row, run_rows

ROWS: dict[str, Row] = {
    "drift": rows_drift.false_alarms,
    "random_rows": rows_drift.random_rows,
    "short_reference": rows_drift.short_reference,
    "thin_nights": rows_thin.thin_nights,
    "thin_synthetic": rows_thin.synthetic,
    "faults": rows_faults.faults,
    "power": rows_faults.power,
    "quality": rows_quality.by_blocks,
    "quality_gates": rows_quality.by_gate_windows,
    "equals": rows_gates.equals,
    "truly_better": rows_gates.truly_better,
    "disaster": rows_gates.disaster,
    "stand_in": rows_gates.stand_in,
    "probation": rows_probation.false_roll_backs,
    "probation_spoiled": rows_probation.spoiled_labels,
    "leaks": rows_leaks.false_alarms,
    "leaks_known_later": rows_leaks.known_later,
    "leaks_planted": rows_leaks.planted,
    "replay": rows_replay.kept_gain,
    "windows": rows_windows.kept_gain,
}


if __name__ == "__main__":
    sys.exit(run_rows("Measure the error rates of the decision rules.", ROWS))
