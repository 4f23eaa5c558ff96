"""What every message to people holds, whatever it is about, and how it is laid out.

The contents themselves are `tasks.telling.alerts`, `.moves` and `.failures`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schemas.project import Project
from tasks.engine.posting import Message, Tone
from tasks.telling.links import night_link, report_link
from tasks.telling.plain import plain


@dataclass(frozen=True)
class Content:
    """A message before it is laid out. All but `commands` may hold text from data.

    A command may carry a comment as a shell takes one, so that both can be pasted.
    """

    tone: Tone
    as_of: date | None
    headline: str
    sentence: str
    meaning: str = ""
    numbers: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    has_report: bool = False


def lay_out(project: Project, content: Content, run_link: str | None) -> Message:
    """Title and body in plain text, for a mail as well as for a chat."""
    night = f" {content.as_of}" if content.as_of else ""
    blocks = (
        _lines("", (content.sentence, content.meaning)),
        _lines("What was measured:", content.numbers, "- "),
        _lines("What driftloop did by itself:", content.did, "- "),
        "\n".join(_links(project, content, run_link)),
        _lines("What to type next:", content.commands, "    "),
        _lines("", _about(project, content.as_of)),
    )
    return Message(
        title=plain(f"[driftloop] {project.name}{night}: {content.headline}", 150),
        body="\n\n".join(block for block in blocks if block),
        tone=content.tone,
    )


def _lines(heading: str, texts: tuple[str, ...], bullet: str = "") -> str:
    lines = [f"{bullet}{plain(text)}" for text in texts if text]
    return "\n".join([heading, *lines] if heading and lines else lines)


def _links(project: Project, content: Content, run_link: str | None) -> Iterator[str]:
    """Addresses of this installation's own pages; none comes from data."""
    if content.as_of:
        report = report_link(project.name, content.as_of) if content.has_report else None
        night = night_link(project.name, content.as_of)
        yield from (
            f"{name}: {link}" for name, link in (("Report", report), ("Night", night)) if link
        )
    if run_link:
        yield f"Run: {run_link}"


def _about(project: Project, as_of: date | None) -> tuple[str, ...]:
    simulated = project.source.announcements(as_of) if as_of else ()
    question = f"The model of {project.name} answers: {project.about}"
    return (*simulated, question)
