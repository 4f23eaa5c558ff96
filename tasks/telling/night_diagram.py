"""A night as a flowchart: which steps there are, what they came to, the path that was taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.batch import Batch
from schemas.judgement import Judgement
from schemas.ledger import Entry
from schemas.night import Night
from tasks.telling.escape import mermaid
from tasks.telling.nights import by_nearness

# Every colour is given: Prefect's pages draw on dark ground even where the page is light.
_TAKEN = "#1478bd"
_STYLES = (
    f"classDef taken fill:{_TAKEN},stroke:{_TAKEN},color:#ffffff",
    "classDef left fill:#3a4352,stroke:#8a94a5,color:#e6eaf1,stroke-dasharray:4 4",
)
_SETTINGS = '%%{init: {"flowchart": {"wrappingWidth": 420, "rankSpacing": 26, "padding": 10}}}%%'


@dataclass(frozen=True)
class Told:
    """A night and what became of its decision so far."""

    night: Night
    batch: Batch | None
    judgement: Judgement | None
    entry: Entry | None


@dataclass(frozen=True)
class _Edge:
    source: str
    target: str
    label: str
    taken: bool


def draw_night(told: Told) -> str:
    """The Mermaid source. Numbers and our own words; what comes from data is escaped."""
    nodes = {
        "ingest": f"Ingest: {_ingest(told)}",
        "score": f"Score: {_score(told)}",
        "monitor": f"Monitor: {_monitor(told.night)}",
        "decide": f"Decide: {told.night.decision.state}",
        "retrain": f"Retrain: {_retrain(told)}",
        "promoted": _promoted(told.entry),
        "stays": _stays(told.night),
    }
    edges = _edges(told)
    on_path = {"ingest", *(edge.target for edge in edges if edge.taken)}
    return "\n".join(
        [
            _SETTINGS,
            "flowchart TD",
            *(f"  {name}[{_label(text)}]" for name, text in nodes.items()),
            *(f"  {_arrow(edge)}" for edge in edges),
            *(f"  {style}" for style in _STYLES),
            *_classes(nodes, on_path),
            f"  linkStyle {_numbers(edges, taken=True)} stroke:{_TAKEN},stroke-width:3px",
            f"  linkStyle {_numbers(edges, taken=False)} stroke:#8a94a5",
        ]
    )


def _edges(told: Told) -> list[_Edge]:
    decision = told.night.decision
    retrains = decision.action == "retrain"
    ended = told.judgement is not None and told.judgement.outcome != "passed"
    stays = told.judgement.outcome if told.judgement and ended else "refused"
    return [
        _Edge("ingest", "score", "", taken=True),
        _Edge("score", "monitor", "", taken=True),
        _Edge("monitor", "decide", "", taken=True),
        _Edge("decide", "retrain", decision.cause.kind if decision.cause else "", retrains),
        _Edge("decide", "stays", decision.action.replace("retrain", "wait"), taken=not retrains),
        _Edge("retrain", "promoted", "passed", taken=retrains and told.entry is not None),
        _Edge("retrain", "stays", stays.replace("_", " "), taken=retrains and ended),
    ]


def _arrow(edge: _Edge) -> str:
    line = "-->" if edge.taken else "-.->"
    label = f"|{_label(edge.label)}|" if edge.label else ""
    return f"{edge.source} {line}{label} {edge.target}"


def _numbers(edges: Sequence[_Edge], *, taken: bool) -> str:
    return ",".join(str(number) for number, edge in enumerate(edges) if edge.taken == taken)


def _classes(nodes: dict[str, str], on_path: set[str]) -> list[str]:
    taken = [name for name in nodes if name in on_path]
    left = [name for name in nodes if name not in on_path]
    return [
        f"  class {','.join(taken)} taken",
        *([f"  class {','.join(left)} left"] if left else []),
    ]


def _label(text: str) -> str:
    return f'"{mermaid(text)}"'


def _ingest(told: Told) -> str:
    if told.batch is None:
        return told.night.evidence.data.replace("_", " ")
    counts = told.batch.counts
    kept = f"{counts.kept:,} rows kept"
    if told.batch.status != "accepted":
        kept = f"batch {told.batch.status}"
    return f"{kept}, {counts.quarantined:,} set aside" if counts.quarantined else kept


def _score(told: Told) -> str:
    night = told.night
    if night.predictions is None:
        return "not scored"
    return f"{night.evidence.rows:,} rows by {_short(night.evidence.champion)}"


def _monitor(night: Night) -> str:
    evidence = night.evidence
    watched = by_nearness(evidence.drift.columns)
    drifted = sum(column.drifted for column in watched)
    faults = len(evidence.faults)
    told = [f"{faults} data fault{'s' if faults > 1 else ''}"] if faults else []
    told += [f"drift in {drifted} of {len(watched)} columns"] if watched else []
    points = evidence.quality.points
    told += [f"quality z {points[-1].z:+.1f}"] if points else []
    return ", ".join(told) or "not watched"


def _retrain(told: Told) -> str:
    decision = told.night.decision
    if decision.action != "retrain":
        return "not asked for"
    judged = told.judgement.outcome.replace("_", " ") if told.judgement else "not judged yet"
    return f"{decision.retrain}, {judged}"


def _stays(night: Night) -> str:
    if night.decision.back_to:
        return f"Rolled back: {_short(night.decision.back_to)}"
    return f"Champion stays: {_short(night.evidence.champion) or 'none yet'}"


def _promoted(entry: Entry | None) -> str:
    if entry is None:
        return "New champion"
    return f"New champion: {_short(entry.version)}, ledger {entry.seq}"


def _short(version: str | None) -> str:
    return version[:9] if version else ""
