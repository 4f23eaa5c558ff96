"""Projects by their names: the shipped ones, and a team's own from the folder it names.

What a project may say is `schemas.project`. Nothing is registered: a file that is there is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.load import load_module
from schemas.errors import InvalidName, InvalidProject, UnknownProject
from schemas.names import NAME_RULE, check_name
from schemas.project import Project
from schemas.settings import current_settings

SHIPPED = Path(__file__).parent / "projects"


@dataclass(frozen=True)
class Found:
    """A project file: its project, or the problem that keeps it from being one."""

    name: str
    about: str
    where: Path
    problem: str | None
    project: Project | None


def find_project(name: str) -> Project:
    """The project of that name. A team's own file goes before a shipped one.

    Raises:
        InvalidName: the name breaks the rule.
        UnknownProject: no file of that name.
        InvalidProject: the file has no usable project, or the team's folder is not there.
    """
    check_name(name, "project")
    path = _files().get(name)
    if path is None:
        known = ", ".join(_files())
        raise UnknownProject(f"no project {name!r}; `driftloop projects` lists: {known}")
    return _load(path)


def list_projects() -> tuple[Found, ...]:
    """Every project file in order of names; a broken one is listed with its problem.

    Raises:
        InvalidProject: the team's folder is not there.
    """
    return tuple(_look_at(name, path) for name, path in sorted(_files().items()))


def _look_at(name: str, path: Path) -> Found:
    try:
        check_name(name, "project")
        project = _load(path)
    except (InvalidName, InvalidProject) as error:
        return Found(ascii(name)[1:-1], "", path, str(error), None)
    return Found(name, project.about, path, project.source.missing_hint(), project)


def _load(path: Path) -> Project:
    project = getattr(load_module(path), "PROJECT", None)
    if not isinstance(project, Project):
        raise InvalidProject(
            f"{path}: needs PROJECT = Project(...), as flows/projects/bikes.py has"
        )
    if project.name != path.stem:
        raise InvalidProject(
            f"{path}: its project is named {project.name!r}; name it {path.stem!r} like the file"
        )
    return project


def _files() -> dict[str, Path]:
    """Project files by name, in order of names."""
    found = dict(_files_in(SHIPPED))
    if folder := _team_folder():
        found |= dict(_files_in(folder))
    return dict(sorted(found.items()))


def _files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files named like projects; others are helpers, unless they declare one under a wrong name."""
    for path in folder.glob("*.py"):
        if re.fullmatch(NAME_RULE, path.stem) or _declares_project(path):
            yield path.stem, path


def _declares_project(path: Path) -> bool:
    return re.search(r"^PROJECT\b", path.read_text(errors="replace"), re.MULTILINE) is not None


def _team_folder() -> Path | None:
    folder = current_settings().projects
    if folder is None:
        return None
    if not folder.is_absolute():
        raise InvalidProject(
            f"DRIFTLOOP_PROJECTS={str(folder)!r} is relative; name the folder by its absolute path"
        )
    if not folder.is_dir():
        raise InvalidProject(
            f"DRIFTLOOP_PROJECTS={str(folder)!r} is no folder; make it or unset it"
        )
    return folder
