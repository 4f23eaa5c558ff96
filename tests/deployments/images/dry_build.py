"""The Dockerfile's own commands, run in a folder. What has come of them is looked at in test_build.

Three things differ from a container: WORKDIR and APP_HOME lie below the folder, `python` is the one
of these tests, and the last stage's RUN is left out, since making a user takes root.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.architecture.tree import all_files, name_of
from tests.deployments.images.dockerfile import Step, read_dockerfile

_NOT_INHERITED = ("DRIFTLOOP_", "PREFECT_", "PYTHON", "VIRTUAL_ENV")


@dataclass
class DryBuild:
    """A folder that stands for the containers' root, and what the steps so far have set."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: Path = field(init=False)
    stages: int = 0

    @property
    def home(self) -> Path:
        """Where the image keeps driftloop."""
        return self.root / "opt" / "driftloop"

    def run(self) -> None:
        """All steps; of the first stage nothing is left but what the last one takes from it."""
        for step in read_dockerfile():
            getattr(self, f"_{step.word.lower()}")(step)

    def _from(self, step: Step) -> None:
        if self.stages:
            shutil.rmtree(self.folder)
        self.stages += 1
        self.folder = self.root
        python = self.root / "usr" / "bin" / "python"
        if not python.exists():
            python.parent.mkdir(parents=True)
            python.symlink_to(Path(sys.base_prefix, "bin", "python{}.{}".format(*sys.version_info)))
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED)}
        self.env = {**inherited, "PATH": f"{python.parent}:/usr/bin:/bin"}

    def _arg(self, step: Step) -> None:
        assert step.pairs.keys() == {"APP_HOME"}
        self.env["APP_HOME"] = str(self.home)

    def _env(self, step: Step) -> None:
        self.env |= {k: Template(v).substitute(self.env) for k, v in step.pairs.items()}

    def _workdir(self, step: Step) -> None:
        self.folder = self.root / step.text.lstrip("/")
        self.folder.mkdir(parents=True)

    def _copy(self, step: Step) -> None:
        if not step.copied:
            assert step.text == "--from=build $APP_HOME $APP_HOME"  # where it is already
            return
        for path in all_files():
            name = name_of(path)
            if name in step.copied or name.split("/")[0] in step.copied:
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def _run(self, step: Step) -> None:
        if self.stages == 1:
            subprocess.run(["/bin/sh", "-c", step.text], cwd=self.folder, env=self.env, check=True)

    def _user(self, step: Step) -> None:
        """Whoever runs the tests."""

    def _cmd(self, step: Step) -> None:
        """Left to the test."""
