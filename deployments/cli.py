"""The command line `driftloop`: one typed function a command, each in `deployments.commands`.

Commands import what they need when they run, so that `--help` answers at once.

Exit codes: 0 done; 1 something else went wrong, `contract diff` found a breaking change, `check`
that no model can come of the project, or `rebuild` other bytes; 3 `status --max-age` exceeded; 4
`doctor` found a FAIL; 64 a name or project that is not there; 65 damaged or unreadable data, also
what `verify` found and what `replay` did not reproduce; 66 not there yet, or no longer; 69 declined
in the present state; 75 the store or the Prefect server does not answer; 78 an unusable project
file.
"""

import os
import sys
from importlib.metadata import version

from cyclopts import App

from deployments.commands import (
    cards,
    contract,
    decide,
    demo,
    deploy,
    doctor,
    keep,
    know,
    labels,
    ladder,
    lineage,
    local,
    move,
    new,
    quarantine,
    replay,
    run,
    trust,
    use,
)
from schemas.errors import DriftloopError

app = App(
    name="driftloop",
    help="Keeps tabular models fresh: nights, drift alarms, gates, one recorded champion.",
    version=lambda: version("driftloop"),
)
for _commands in (
    *(new, run, know, cards, contract, labels, lineage, quarantine),
    *(decide, use, trust, doctor, keep, replay, ladder),
    *(local, move, deploy, demo),
):
    for _name, _function in _commands.COMMANDS.items():
        app.command(_function, name=_name)


def main() -> None:
    """Run the command line; every refusal is one sentence on stderr and an exit code."""
    try:
        app()
    except DriftloopError as error:
        print(f"driftloop: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # as in `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # what a shell says of a process that SIGPIPE ended
    except KeyboardInterrupt:
        print("driftloop: interrupted; run the same command again to go on", file=sys.stderr)
        sys.exit(130)
