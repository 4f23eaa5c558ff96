"""Messages to people, one a topic: the record behind it found, told and laid out.

Which topics are due is `tasks.engine.outbox`; sending is `tasks.engine.posting`.
"""

from datetime import date

from schemas.project import Project
from tasks.engine.outbox import Topic
from tasks.engine.posting import Message
from tasks.store import Store
from tasks.telling.alerts import tell_alerts
from tasks.telling.approval import ask_for_approval
from tasks.telling.content import Content, lay_out
from tasks.telling.failures import tell_failed_run, tell_silent_runs
from tasks.telling.moves import tell_move


def write_message(
    store: Store, project: Project, topic: Topic, run_link: str | None = None
) -> Message:
    """The message about a topic, with a link to the run that tells it.

    Raises:
        StoreError: the records that it is about cannot be read.
    """
    return lay_out(project, _content(store, project, topic), run_link)


def write_failure(
    project: Project, flow: str, night: date | None, state: str, run_link: str | None
) -> Message:
    """The message about a run that has just failed; it needs no store."""
    return lay_out(project, tell_failed_run(project, flow, night, state), run_link)


def _content(store: Store, project: Project, topic: Topic) -> Content:
    match topic.kind:
        case "failed":
            return tell_silent_runs(store, project, topic)
        case "promotion" | "rollback" | "freeze":
            return tell_move(store, project, topic.source)
        case "approval":
            return ask_for_approval(store, project, topic.source)
        case kind:
            return tell_alerts(store, project, topic.source, kind, topic.subjects)
