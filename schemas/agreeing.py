"""What the fields of a project must agree on; each check says what to change.

Fields and what they mean are `schemas.project`.
"""

from typing import TYPE_CHECKING

from schemas.classes import check_classes
from schemas.contract import check_groups, check_slices, columns_of
from schemas.costs import check_costs
from schemas.reads import check_reads
from schemas.weighting import check_weight

if TYPE_CHECKING:  # a project holds its fields to this
    from schemas.project import Project


def check_agreement(project: "Project") -> None:
    """All of it.

    Raises:
        ValueError: fields contradict each other.
    """
    _keeps_nights_until_they_are_labelled(project)
    _looks_again_until_the_deadline(project)
    if project.deliver and not project.upcoming:
        raise ValueError("deliver= has nothing to deliver: declare upcoming= as well")
    _reads_columns_that_are_there(project)
    check_classes(project)
    check_costs(project)
    if project.weight is not None:
        check_weight(project.contract, project.weight)
    if objection := project.family.objection(project.task):
        raise ValueError(f"{project.family.kind}: {objection}")
    for gate in project.gates:
        if objection := gate.objection(project.task, project.slices):
            raise ValueError(f"{gate.kind}: {objection}")


def _keeps_nights_until_they_are_labelled(project: "Project") -> None:
    policy = project.policy
    kept, needed = policy.retention_nights, policy.least_retention + project.label_delay
    if kept is not None and kept < needed:
        raise ValueError(
            f"retention_nights={kept} must be {needed} or more: "
            f"{policy.least_retention} labelled nights are needed, and label_delay is "
            f"{project.label_delay}"
        )


def _looks_again_until_the_deadline(project: "Project") -> None:
    if project.period == "hour" and (project.deadline or 0) > project.policy.recheck:
        raise ValueError(
            f"deadline={project.deadline} hours after a night's end nobody looks at it again: "
            f"recheck={project.policy.recheck}; declare it as large, or an earlier deadline"
        )


def _reads_columns_that_are_there(project: "Project") -> None:
    read = ((step.kind, step.reads()) for step in project.features)
    check_reads(project.past, read, (*columns_of(project.contract), project.target))
    if project.groups is not None:
        check_groups(project.contract, project.groups)
    check_slices(project.contract, project.slices)
