"""Freezing promotion when the gates failed their self-test: who cannot judge may not promote.

The self-test is `tasks.engine.self_test`; a person unfreezes (`tasks.engine.people`).
"""

from contextlib import suppress

from schemas.errors import Conflict, Declined
from schemas.judgement import Judgement
from schemas.project import Project
from tasks.engine.reconcile import entry_for
from tasks.engine.standing import committed_as_of
from tasks.store import Store
from tasks.store.ledger import append, read_standing

ACTOR = "self-test"
_TRIES = 5  # other decisions that take the slot at the same moment


def freeze_if_untrusted(store: Store, project: Project, judgement_key: str) -> None:
    """Freeze once for each judgement whose gates failed; run again it finds its own entry."""
    judgement = store.record(judgement_key, Judgement)
    if not judgement.freezes or entry_for(store, project.name, judgement_key, "freeze"):
        return
    for _ in range(_TRIES):
        with suppress(Conflict):
            append(
                store,
                project.name,
                read_standing(store, project.name),
                "freeze",
                as_of=committed_as_of(store, project, judgement.as_of),
                reason=judgement.sentence.rstrip("."),
                actor=ACTOR,
                judgement=judgement_key,
                judgement_digest=judgement.digest,
            )
            return
    raise Declined(
        f"{project.name}: the ledger's next slot was lost {_TRIES} times; the next nightly run "
        "freezes promotion"
    )
