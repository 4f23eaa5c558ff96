"""A Dockerfile as a list of steps. test_dockerfile judges them, dry_build runs them."""

import re
import shlex
from dataclasses import dataclass

from tests.architecture.tree import ROOT

IMAGES = ROOT / "deployments" / "images"


@dataclass(frozen=True)
class Step:
    """One instruction, its lines joined."""

    word: str
    text: str

    @property
    def pairs(self) -> dict[str, str]:
        """NAME=value of ENV or ARG."""
        return dict(word.split("=", 1) for word in shlex.split(self.text))

    @property
    def copied(self) -> list[str]:
        """What a COPY takes from the context; nothing when it takes from another stage."""
        *sources, _ = self.text.split()
        return [] if sources[0].startswith("--from=") else sources


def read_dockerfile() -> list[Step]:
    """The steps of the project's Dockerfile in order."""
    lines = (IMAGES / "Dockerfile").read_text().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("#"))
    joined = text.replace("\\\n", " ").splitlines()
    return [Step(*re.split(r"\s+", line.strip(), maxsplit=1)) for line in joined if line.strip()]


def final_stage(steps: list[Step]) -> list[Step]:
    """What makes the image itself: the steps from the last FROM on."""
    last = max(number for number, step in enumerate(steps) if step.word == "FROM")
    return steps[last:]
