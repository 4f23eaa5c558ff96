"""Every ready project put on a Prefect server. One deployment's change is `deployments.deploy`."""

from collections import Counter
from dataclasses import dataclass

from prefect.client.orchestration import SyncPrefectClient

from deployments.build import plan_deployments
from deployments.deploy import Change, apply, compare
from flows.find import list_projects


@dataclass(frozen=True)
class Deployed:
    """What was changed, and the projects that were left out with the reason."""

    changes: tuple[Change, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def summary(self) -> str:
        """How many deployments are new, changed, as they were, and gone."""
        counted: Counter[str] = Counter(change.what for change in self.changes)
        words = {"new": "new", "changed": "changed", "same": "as they were", "gone": "removed"}
        told = [f"{counted[what]} {word}" for what, word in words.items() if counted[what]]
        return f"Deployments: {', '.join(told) or 'none'}."


def deploy_projects(client: SyncPrefectClient, pool: str, *, is_dry: bool = False) -> Deployed:
    """Compare, then carry out. A project whose file or data is not in order keeps what it has."""
    found = list_projects()
    ready = [one.project for one in found if one.project and not one.problem]
    planned = plan_deployments(ready, pool)
    changes = compare(client, planned, [one.name for one in found], pool)
    if not is_dry:
        apply(client, changes, pool)
    return Deployed(changes, tuple((f.name, f.problem) for f in found if f.problem))
