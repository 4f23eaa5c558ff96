"""The Dockerfile keeps its promises: a pinned base, nobody's secrets, no root, only our files."""

import re

from packaging.specifiers import SpecifierSet

from deployments.build import POOL
from tests.architecture.tree import PYPROJECT, all_files, name_of
from tests.deployments.images.dockerfile import IMAGES, final_stage, read_dockerfile

STEPS = read_dockerfile()
KNOWN = {"ARG", "CMD", "COPY", "ENV", "FROM", "RUN", "USER", "WORKDIR"}
BASE = re.compile(r"python:(3\.\d+)-slim-[a-z]+( AS build)?")
SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|AUTH|ALERT|HEARTBEAT|://[^/]*@")


def _env() -> dict[str, str]:
    return {
        k: v for step in final_stage(STEPS) if step.word == "ENV" for k, v in step.pairs.items()
    }


def test_every_instruction_is_known() -> None:
    assert {step.word for step in STEPS} <= KNOWN


def test_stages_share_one_base_with_a_supported_python() -> None:
    bases = [BASE.fullmatch(step.text) for step in STEPS if step.word == "FROM"]
    pythons = {base[1] if base else None for base in bases}
    assert len(bases) == 2
    assert len(pythons) == 1
    assert f"{pythons.pop()}.0" in SpecifierSet(PYPROJECT["project"]["requires-python"])


def test_image_runs_as_a_numbered_user_who_is_not_root() -> None:
    words = [step.word for step in final_stage(STEPS)]
    assert words.index("USER") < words.index("CMD") == len(words) - 1
    (user,) = [step.text for step in final_stage(STEPS) if step.word == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_what_is_copied_belongs_to_the_project_and_is_all_that_docker_sees() -> None:
    copied = {name for step in STEPS if step.word == "COPY" for name in step.copied}
    files = {name_of(path) for path in all_files()}
    assert copied <= files | {name.split("/")[0] for name in files}
    ignoring = (IMAGES / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignoring
    assert {line[1:] for line in ignoring if line.startswith("!")} == copied


def test_no_secret_is_baked_in() -> None:
    settings = [f"{k}={v}" for s in STEPS if s.word in ("ARG", "ENV") for k, v in s.pairs.items()]
    assert [setting for setting in settings if SECRET.search(setting)] == []


def test_nothing_is_told_to_others_and_bytecode_is_kept() -> None:
    env = _env()
    assert env["DO_NOT_TRACK"] == "1"
    assert env["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert "PYTHONDONTWRITEBYTECODE" not in env


def test_worker_serves_the_pool_that_deploy_names() -> None:
    assert _env()["WORK_POOL"] == POOL
    assert '--pool \\"$WORK_POOL\\"' in STEPS[-1].text
