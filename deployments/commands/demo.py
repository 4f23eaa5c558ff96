"""The demo and its landing zone."""

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from schemas.errors import InvalidName
from schemas.names import check_night


def demo(
    *,
    server: Annotated[
        bool,
        Parameter(negative="--no-server", help="Run on a local Prefect server, or without any."),
    ] = True,
    keep: Annotated[
        bool, Parameter(negative="", help="Leave the server up, as driftloop up does.")
    ] = False,
    s3: Annotated[
        bool, Parameter(negative="", help="Keep the store on an S3 server that ends with the demo.")
    ] = False,
) -> None:
    """Tell half a year of real flights in a few minutes: alarms, retrains, refusals, one page."""
    if keep and not server:
        raise InvalidName("--keep leaves a server up, and --no-server starts none; drop one")
    if keep and s3:
        raise InvalidName("--keep needs a store that stays, and --s3's ends with it; drop one")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started ends with it
    try:
        _demo(server, keep, s3)
    except KeyboardInterrupt:
        print("driftloop: ended; the same command goes on from here", file=sys.stderr, flush=True)
        os._exit(130)  # Prefect would go on asking a server that has ended


def _demo(server: bool, keep: bool, s3: bool) -> None:
    from deployments.demo.bucket import throwaway_bucket
    from deployments.demo.stage import set_stage

    with throwaway_bucket() if s3 else nullcontext(), set_stage(server, keep) as stage:
        from deployments.demo.run import tell_story  # imports Prefect, whose settings stand now

        tell_story(stage)
        if s3:
            print("The store is gone with its server; the page and the pulled model stay")
        elif stage.stack and keep:
            print(
                f"Still up: nights and reports on {stage.stack.pages_url}; driftloop down ends it"
            )
            print("Its worker sends alerts to this demo alone; driftloop down, then up: to yours")
            print(stage.stack.ui_url)
        elif stage.stack:
            print("next: driftloop up shows these runs, nights and reports in a browser")


def landing(
    folder: Path,
    *,
    from_: Annotated[str, Parameter(name="--from", help="The first night of 2013.")],
    to: Annotated[str, Parameter(name="--to", help="The last night of 2013.")],
    simulate: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="Write an event in: changed-world=NIGHT, fault=FIRST..LAST or broken=NIGHT.",
        ),
    ] = None,
) -> None:
    """Lay out the flights of 2013 as nightly files in FOLDER, as a team's would come.

    Name the folder in DRIFTLOOP_LANDING for the project flights to read it.
    """
    from deployments.landing import lay_out
    from deployments.simulation import parse_events

    events = parse_events(simulate or [])
    lay_out(folder, check_night(from_), check_night(to), events)
    for event in events:
        print(event.announce().sentence)
    print(f"next: DRIFTLOOP_LANDING={folder.absolute()} driftloop check flights")


COMMANDS = {"demo": demo, "landing": landing}
