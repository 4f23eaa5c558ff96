"""The champion as a service uses it: pulled, then asked in a process without driftloop."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from deployments.demo import story
from schemas.batch import Batch
from schemas.errors import ModelUnusable, NotYet
from schemas.settings import current_settings
from tasks.engine.frames import load_frame
from tasks.engine.pull.pull import pull
from tasks.engine.records import newest
from tasks.home import home

_ROWS = 3


def pull_and_predict() -> None:
    """Print what the pulled model says about a few flights of the last night."""
    folder = current_settings().side_folder / "pulled" / story.PROJECT
    print(f"Serving: driftloop pull {story.PROJECT} {folder}")
    pulled = pull(home(), story.PROJECT, folder)
    rows = _rows_of(story.LIVE[1])
    example = folder / "current" / "predict.py"
    print(f"  {pulled.version} checked, tried, in place; asked by {example}:")
    for row, chance in zip(rows, _ask(example, rows), strict=True):
        flight = "{carrier} {flight}, {origin} to {dest}".format(**row)
        print(f"  {flight}: late with a chance of {chance:.0%}")


def _rows_of(as_of: date) -> list[dict[str, object]]:
    found = newest(home(), Batch, story.PROJECT, as_of)
    if found is None or found[1].rows is None:
        raise NotYet(
            f"{story.PROJECT} {as_of}: there is no batch; the demo was cut short, run it again"
        )
    frame = load_frame(home(), found[1].rows)
    spread = frame.iloc[:: max(1, len(frame) // _ROWS)].head(_ROWS)
    rows: list[dict[str, object]] = json.loads(spread.to_json(orient="records", date_format="iso"))
    return rows


def _ask(example: Path, rows: list[dict[str, object]]) -> list[float]:
    answer = subprocess.run(
        [sys.executable, str(example)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if answer.returncode:
        raise ModelUnusable(f"{example}: {answer.stderr.strip()[-300:]}")
    chances: list[float] = json.loads(answer.stdout)
    return chances
