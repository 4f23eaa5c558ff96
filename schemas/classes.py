"""The classes of a multiclass project: what the contract allows as the target's values.

They are declared, not learned: a label that is none of them breaks the contract and is told as
that. Which of them a fit has met stands in its record (`schemas.model`); codes of labels are
`tasks.core.coding`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.contract import Contract, is_category, target_of

if TYPE_CHECKING:  # a project holds its classes to this
    from schemas.project import Project

MOST = 100


def classes_of(contract: Contract) -> tuple[str, ...]:
    """The target's allowed values in their order, whole numbers as they are written.

    Raises:
        ValueError: it declares none, too few or too many, or they are neither words nor whole.
    """
    target = target_of(contract)
    told = [check.statistics or {} for check in target.checks]
    allowed = [value for one in told for value in one.get("allowed_values", ())]
    if not 2 <= len(set(allowed)) <= MOST:
        raise ValueError(
            f"task='multiclass' needs the 2 to {MOST} classes of {target.name}, found "
            f'{len(set(allowed))}: column("target", isin=["...", "..."])'
        )
    if not is_category(target) and any(value != int(value) for value in allowed):
        raise ValueError(f"the classes of {target.name} are neither words nor whole numbers")
    return tuple(as_class(value) for value in sorted(set(allowed)))


def as_class(value: object) -> str:
    """A label as the name of its class: 3.0 is class 3."""
    return str(value) if isinstance(value, str) else str(int(value))  # type: ignore[call-overload]  # a number


def check_classes(project: "Project") -> None:
    """That nothing of a multiclass project needs labels that are numbers.

    Raises:
        ValueError: something does, or there are no classes; it is named.
    """
    if project.task != "multiclass":
        return
    classes, target = classes_of(project.contract), project.target
    for gate in project.gates:
        metric = str(getattr(gate, "metric", ""))
        if ":" in metric and metric.partition(":")[2] not in classes:
            raise ValueError(
                f"{gate.kind}: metric={metric!r} names no class of {target}; there are "
                + ", ".join(classes)
            )
    means: Sequence[str] = [one.name for one in project.past if one.of == target]
    if means:
        raise ValueError(f"past {means} averages {target}, which is a class; take it out")
    for step in project.features:
        if target in step.reads():
            raise ValueError(f"{step.kind} averages {target}, which is a class; take it out")
    if project.served is not None:
        raise ValueError(
            "served= reads one number a row, which a multiclass answer is not; take it out: "
            "realised quality is then judged on driftloop's own predictions"
        )
