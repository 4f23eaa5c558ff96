"""What a wrong yes and a wrong no of a binary model cost. Metrics: `tasks.core.left_out_costs`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from schemas.record import Value

if TYPE_CHECKING:  # a project holds its costs to this
    from schemas.project import Project

OF_COSTS, OF_CAPACITY = ("cost",), ("precision_at_capacity", "recall_at_capacity")


class Costs(Value):
    """In any unit; only their ratio moves the threshold."""

    false_alarm: float = Field(gt=0, allow_inf_nan=False, description="of a yes that is none")
    missed: float = Field(gt=0, allow_inf_nan=False, description="of a no that is a yes")

    @property
    def threshold(self) -> float:
        """The probability from which a yes is the cheaper answer, if probabilities are right.

        >>> Costs(false_alarm=1, missed=19).threshold
        0.05
        """
        return self.false_alarm / (self.false_alarm + self.missed)


def with_threshold(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a project with the threshold that its costs ask for.

    Raises:
        ValueError: it has a threshold of its own as well.
    """
    if fields.get("costs") is None:
        return fields
    if "threshold" in fields:
        raise ValueError("threshold= follows from costs=; declare one of them")
    return {**fields, "threshold": Costs.model_validate(fields["costs"]).threshold}


def check_costs(project: "Project") -> None:
    """That they are of a binary task, and there where a gate needs them.

    Raises:
        ValueError: they are not.
    """
    given = {"costs": project.costs, "capacity": project.capacity}
    if project.task != "binary" and (named := [n for n, one in given.items() if one is not None]):
        raise ValueError(f"{named[0]}= is for a binary task, and this one is {project.task}")
    if project.capacity is not None and project.groups is not None:
        raise ValueError("capacity= is of whole nights, and with groups= a part of each judges")
    for name, metrics in (("costs", OF_COSTS), ("capacity", OF_CAPACITY)):
        for gate in project.gates:
            metric = getattr(gate, "metric", None)
            if metric in metrics and given[name] is None:
                raise ValueError(f"{gate.kind}: metric={metric!r} needs {name}= as well")
