"""A replay in words and rows: what was reproduced, what each policy came to.

The work is `tasks.engine.replay`; the page is `tasks.telling.replay_page`.
"""

from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison, Result
from tasks.engine.replay.reproduce import Reproduced

ASKED = ("Policy", "Nights", "Retrains", "By cause", "Alarms", "Rows x rounds")


def tell_whether_reproduced(reproduced: Reproduced) -> str:
    """Whether the records say what follows from them, in one sentence."""
    counted = f"{reproduced.nights:,} nights and {reproduced.judgements:,} retrain attempts"
    differing = len({difference.key for difference in reproduced.differences})
    if differing:
        return f"{differing} of {counted} are not what follows from them."
    return f"Every decision of {counted} was reproduced, byte for byte."


def asked_row(asked: Asked) -> tuple[str, ...]:
    """One policy under the recorded evidence."""
    return (
        *(asked.policy, f"{asked.nights:,}", f"{len(asked.retrains):,}", _causes(asked.causes)),
        *(f"{len(asked.alarms):,}", _millions(asked.row_rounds)),
    )


def lived_headings(lived: Comparison) -> tuple[str, ...]:
    """Headings of the table of policies that were lived through."""
    measured = (lived.metric.upper().replace("_", " "), "Loss", "Kept", "Worst month")
    return ("Policy", "Retrains", "A night", "By cause", "Refused", "Alarms", *measured, ASKED[-1])


def lived_row(result: Result) -> tuple[str, ...]:
    """One policy with its own refits."""
    month = result.worst_month
    return (
        *(result.policy, f"{result.retrains:,}", f"{result.retrains_a_night:.2f}"),
        *(_causes(result.causes), f"{result.refused:,}", f"{result.alarms:,}"),
        *(_number(result.metric), _number(result.loss)),
        "-" if result.kept is None else f"{result.kept:.0%}",
        "-" if month is None else f"{month.name}: {month.value:.4g}",
        _millions(result.row_rounds),
    )


def _causes(causes: dict[str, int]) -> str:
    return ", ".join(f"{cause} {count}" for cause, count in causes.items()) or "-"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _millions(row_rounds: int) -> str:
    return f"{row_rounds / 1e6:,.1f} M"
