"""A flow for the worker of a test: it notes its environment and sleeps."""

import os
import time
from pathlib import Path

from prefect import flow


@flow
def sleeper(note: str, seconds: float) -> None:
    """Write the environment's names and values into a file, then sleep."""
    Path(note).write_text("\n".join(f"{name}={value}" for name, value in os.environ.items()))
    time.sleep(seconds)
