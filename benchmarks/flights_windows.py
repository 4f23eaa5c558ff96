"""What refreshing every 3 nights keeps on a year of real flights, nothing simulated.

    python -m benchmarks.flights_windows [--cache FOLDER]

The figures of `benchmarks.rows_windows`, from the 92nd night on: single windows that retrain every
night without gates, the best of them known in hindsight only, and the default policy with one
window and with several. About half an hour. Needs the demo's data (`make demo` installs it).
"""

import argparse
import sys

from benchmarks.bench import Bench
from benchmarks.flights_gain import add_cache, prepare
from benchmarks.rows_windows import Study, study_figures

WARM_UP = 91
"""Of a single year; the streams have half a year."""


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_cache(parser)
    cache = parser.parse_args().cache
    study = Study(prepare(cache), WARM_UP, Bench(cache, cache).progress)
    for figure in study_figures(study):
        print(figure.line("flights_windows"), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
