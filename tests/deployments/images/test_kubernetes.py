"""The job template and the worker's Deployment: complete, without secrets, confined."""

import json
import re
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.utilities.templating import apply_values

from deployments.build import plan_deployments
from deployments.deploy import apply, compare
from tests.architecture.tree import PYPROJECT
from tests.building.project import NAME, build_project
from tests.deployments.images.dockerfile import IMAGES, read_dockerfile

JOB_TEXT = (IMAGES / "kubernetes-job.json").read_text()
TEMPLATE: dict[str, Any] = json.loads(JOB_TEXT)
VARIABLES: dict[str, Any] = TEMPLATE["variables"]["properties"]
DEFAULTS = {name: one["default"] for name, one in VARIABLES.items() if "default" in one}
JOB: dict[str, Any] = apply_values(TEMPLATE["job_configuration"]["job_manifest"], DEFAULTS)
WORKER: dict[str, Any] = yaml.safe_load((IMAGES / "worker.yaml").read_text())

both = pytest.mark.parametrize(
    "pod",
    [JOB["spec"]["template"]["spec"], WORKER["spec"]["template"]["spec"]],
    ids=["job", "worker"],
)


def test_variables_declared_are_the_variables_used() -> None:
    used = re.findall(r"\{\{ (\w+) \}\}", json.dumps(TEMPLATE["job_configuration"]))
    assert set(used) == set(VARIABLES)


def test_a_job_runs_once_and_is_cleared_away() -> None:
    assert JOB["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert JOB["spec"]["backoffLimit"] == 0
    assert JOB["spec"]["ttlSecondsAfterFinished"] > 0


@both
def test_pods_are_confined(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    (user,) = [step.text for step in read_dockerfile() if step.word == "USER"]
    inside = pod["securityContext"]
    assert inside["runAsNonRoot"] is True
    assert f"{inside['runAsUser']}:{inside['runAsGroup']}" == user
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"].keys() == {"requests", "limits"}
    assert pod["automountServiceAccountToken"] is False


@both
def test_pods_run_this_version_over_the_volume(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert container["image"] == f"driftloop:{PYPROJECT['project']['version']}"
    assert container["volumeMounts"] == [{"name": "store", "mountPath": "/srv/driftloop"}]


@both
def test_settings_come_from_outside(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    named = [{"configMapRef": {"name": "driftloop"}}, {"secretRef": {"name": "driftloop"}}]
    assert container["envFrom"] == named
    assert "env" not in container


@pytest.mark.usefixtures("prefect_server")
def test_a_server_takes_the_template_and_deployments_for_its_pool() -> None:
    pool = WorkPoolCreate(name="kube", type="kubernetes", base_job_template=TEMPLATE)
    planned = plan_deployments([build_project()], pool.name)
    with get_client(sync_client=True) as client:
        client.create_work_pool(pool)
        apply(client, compare(client, planned, [NAME], pool.name), pool.name)
        assert client.read_work_pool(pool.name).type == "kubernetes"
        found = client.read_deployment_by_name(f"nightly/{NAME}")
        assert found.work_pool_name == pool.name
        client.delete_work_pool(pool.name)
