"""The night of `benchmarks.night` through driftloop: ingest, labels, attempt, promotion."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.wide import Size, make_project
from schemas.judgement import Cause, Judgement
from tasks.engine.attempt import make_attempt
from tasks.engine.ingest import ingest_batch
from tasks.engine.labels import ingest_labels
from tasks.engine.promote import settle_attempt
from tasks.store import open_store


def main() -> None:
    """Run the night and print what came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("size", type=int, nargs=3)
    options = parser.parse_args()
    size = Size(*options.size)
    project = make_project(options.source, size)
    store = open_store((options.output / "store").as_uri(), options.output / "cache")
    for night in size.days:
        ingest_batch(store, project, night)
    last = size.days[-1]
    ingest_labels(store, project, last, oldest=size.days[0])
    key = make_attempt(store, project, last, Cause(kind="person", actor="benchmark"))
    if key is None:
        raise SystemExit("no attempt was made: too few usable nights")
    ended = settle_attempt(store, project, key)
    judged = store.record(key, Judgement)
    if not ended.startswith("ledger/") or judged.contest is None:
        raise SystemExit(f"not promoted: {judged.sentence}")
    fits = len(list((options.output / "store").rglob("*.ubj")))
    sys.stdout.write(json.dumps({**judged.contest.metrics, "fits": fits}))


if __name__ == "__main__":
    main()
