"""The team's folder: where the two files go, tried before they are there, never over others."""

import tempfile
from pathlib import Path

from deployments.newproject.loading import resume
from deployments.newproject.naming import contract_module
from flows.find import SHIPPED
from flows.load import load_module
from schemas.errors import Declined, InvalidProject
from schemas.names import check_name
from schemas.settings import current_settings


def paths_for(name: str, *, force: bool) -> tuple[Path, Path]:
    """Contract and project file of a project of that name.

    Raises:
        InvalidName: the name breaks the rule.
        InvalidProject: DRIFTLOOP_PROJECTS names no folder, and none that can be made in another.
        Declined: a file is there, or the name is a shipped project's.
    """
    check_name(name, "project")
    folder = _folder()
    if (SHIPPED / f"{name}.py").exists():
        raise Declined(f"{name}: driftloop ships a project of this name; choose another one")
    paths = folder / f"{contract_module(name)}.py", folder / f"{name}.py"
    there = [path for path in paths if path.exists()]
    if there and not force:
        step = resume(name)
        stopped = f"; if it was stopped while it loaded history, go on with {step}" if step else ""
        raise Declined(
            f"{name}: {there[0]} is there already; choose another name, or --force to replace "
            f"it{stopped}"
        )
    return paths


def place(texts: dict[Path, str]) -> list[Path]:
    """Write the files, the last one being the project's, and return those that were replaced.

    Raises:
        InvalidProject: they make no project; nothing was written.
    """
    *_, project = texts
    with tempfile.TemporaryDirectory(prefix="driftloop-new-") as folder:
        for path, text in texts.items():
            Path(folder, path.name).write_text(text, encoding="utf-8")
        load_module(Path(folder, project.name))
    project.parent.mkdir(exist_ok=True)
    replaced = [path for path in texts if path.exists()]
    for path, text in texts.items():
        with path.open("w" if path in replaced else "x", encoding="utf-8") as file:
            file.write(text)
    return replaced


def _folder() -> Path:
    folder = current_settings().projects
    if folder is None:
        raise InvalidProject(
            "DRIFTLOOP_PROJECTS is not set; set it to the absolute path of a folder for your "
            "project files"
        )
    is_made = not folder.exists() and folder.parent.is_dir()  # by `place`, with the files
    if not folder.is_absolute() or not (folder.is_dir() or is_made):
        raise InvalidProject(
            f"DRIFTLOOP_PROJECTS={str(folder)!r} is no folder with an absolute path; make it, or "
            "name another one"
        )
    return folder
