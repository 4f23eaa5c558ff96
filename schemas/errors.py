"""The exceptions of driftloop. Refusals, drift and invalid batches are results, never exceptions.

DriftloopError             anything driftloop says no to, in one sentence
├── InvalidName            a project, night or version name breaks the naming rule
├── UnknownProject         no project file of that name
├── InvalidProject         a project file or its contract cannot be used
├── NotYet                 what was asked for does not exist yet (no champion, no such night)
├── Declined               a person's request that the present state does not allow
├── DataUnreadable         a source file that cannot be read as what it should be
├── DataUnavailable        a database that a source asks does not answer
├── NotDelivered           predictions that are stored and could not be put where they are to go
├── ModelUnusable          a model that cannot be loaded, or predicts nonsense
├── PrefectUnavailable     no Prefect server that answers, lets us in and fits our version
└── StoreError             the store
    ├── Missing            an object that should be there is not
    │   └── Expired        it was deleted on purpose, by gc or mark-erased
    ├── Damaged            an object is not what its commit record says
    ├── Conflict           a slot that should have been free holds something else
    ├── Unsupported        the store cannot do what it must, such as create only if absent
    └── StoreUnavailable   the store does not answer, or there is no room
"""


class DriftloopError(Exception):
    """Anything driftloop says no to. The message names object, value, limit and next step."""

    exit_code = 1


class InvalidName(DriftloopError):
    """A project, night or version name that breaks the naming rule."""

    exit_code = 64


class UnknownProject(DriftloopError):
    """No project file of that name."""

    exit_code = 64


class InvalidProject(DriftloopError):
    """A project file or its contract that cannot be used."""

    exit_code = 78


class NotYet(DriftloopError):
    """What was asked for does not exist yet."""

    exit_code = 66


class Declined(DriftloopError):
    """A person's request that the present state does not allow."""

    exit_code = 69


class DataUnreadable(DriftloopError):
    """A source file that cannot be read as what it should be."""

    exit_code = 65


class DataUnavailable(DriftloopError):
    """A database that a source asks does not answer, or lets nobody in."""

    exit_code = 75


class NotDelivered(DriftloopError):
    """Predictions that are stored and could not be put where they are to go."""

    exit_code = 75


class ModelUnusable(DriftloopError):
    """A model that cannot be loaded, or predicts nonsense."""

    exit_code = 65


class PrefectUnavailable(DriftloopError):
    """No Prefect server that answers, lets us in and fits our version."""

    exit_code = 75


class StoreError(DriftloopError):
    """The store."""

    exit_code = 75


class Missing(StoreError):
    """An object that should be there is not."""

    exit_code = 65


class Expired(Missing):
    """An object that was deleted on purpose: retention or an erasure has its record."""

    exit_code = 66


class Damaged(StoreError):
    """An object that is not what its commit record says."""

    exit_code = 65


class Conflict(StoreError):
    """A slot that should have been free holds something else."""


class Unsupported(StoreError):
    """The store cannot do what it must, such as create only if absent."""


class StoreUnavailable(StoreError):
    """The store does not answer, or there is no room."""
