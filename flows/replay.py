"""The past again: are recorded decisions reproduced, and what would other policies have done?"""

from dataclasses import dataclass

from prefect import flow

from flows.find import find_project
from flows.nights import named_night
from schemas.period import AsOf
from tasks.artifacts import publish_replay
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.reproduce import Reproduced
from tasks.engine.replay.variants import NAMES
from tasks.replaying import ask_policies, live_policies, reproduce_decisions


@dataclass(frozen=True)
class Replayed:
    """What a replay found; `lived` only with refits."""

    project: str
    reproduced: Reproduced
    asked: tuple[Asked, ...]
    lived: Comparison | None


@flow(flow_run_name="{project}")
def replay(
    project: str,
    first: AsOf | None = None,
    last: AsOf | None = None,
    policies: tuple[str, ...] = NAMES,
    refit: bool = False,
) -> Replayed:
    """Compute recorded decisions again and try other policies on the past; nothing is stored.

    Args:
        project: The project's name; leave it as it is.
        first: The first night to try policies on; leave empty for the first decided one.
        last: The last night; leave empty for the newest one.
        policies: Which policies to try, by name.
        refit: Fit models as each policy would have; takes minutes to hours.
    """
    found = find_project(project)
    first, last = (named_night(found, night) if night else None for night in (first, last))
    reproduced = reproduce_decisions(found)
    asked = ask_policies(found, policies, first, last)
    lived = live_policies(found, policies, first, last) if refit else None
    publish_replay(found, reproduced, asked, lived)
    return Replayed(found.name, reproduced, asked, lived)
