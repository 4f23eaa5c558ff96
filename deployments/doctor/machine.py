"""This machine: room and rights in the folders, the versions that were tested together."""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, skipped, warn
from schemas.settings import current_settings

_GB = 10**9
_WARN_BYTES, _FAIL_BYTES = 5 * _GB, _GB // 2


def check_cache(_: Case) -> Finding:
    """The folder that every store read through, and every lock, needs."""
    return _look_at(current_settings().cache, "DRIFTLOOP_CACHE")


def check_store_folder(_: Case) -> Finding:
    """The folder of a file:/// store."""
    address = urlsplit(current_settings().store)
    if address.scheme != "file":
        return skipped("the store is no folder of this machine")
    return _look_at(Path(unquote(address.path)), "DRIFTLOOP_STORE")


def check_versions(_: Case) -> Finding:
    """Python and our direct dependencies against the ranges that they were tested in."""
    wrong = list(_outside())
    if not wrong:
        return ok(f"Python {_python()} and all packages are in the ranges that were tested")
    return fail("; ".join(wrong), "install what requirements.lock lists: make check")


def _look_at(folder: Path, setting: str) -> Finding:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free
    saw = f"{folder}: {free / _GB:.1f} GB free"
    if free < _FAIL_BYTES:
        return fail(saw, f"free some space, or let {setting} name a folder on another disk")
    problem = _why_unwritable(there)
    if problem:
        return fail(
            f"{folder} cannot be written: {problem}",
            f"give this user write access to it, or let {setting} name another folder",
        )
    if free < _WARN_BYTES:
        return warn(saw, f"free some space, or let {setting} name a folder on another disk")
    return ok(saw)


def _why_unwritable(folder: Path) -> str | None:
    if not folder.is_dir():
        return f"{folder} is no folder"
    trial = folder / f".doctor-{secrets.token_hex(8)}"
    try:
        trial.write_bytes(os.urandom(4096))
        trial.unlink()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _outside() -> Iterator[str]:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    wanted = metadata("driftloop")["Requires-Python"]
    if _python() not in SpecifierSet(wanted):
        yield f"Python {_python()}, tested with {wanted}"
    for line in requires("driftloop") or ():
        need = Requirement(line)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(need.name)
        except PackageNotFoundError:
            yield f"{need.name} is not installed, tested with {need.specifier}"
            continue
        if found not in need.specifier:
            yield f"{need.name} {found}, tested with {need.specifier}"


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))
