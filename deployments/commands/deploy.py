"""The command that brings a Prefect server to what the project files say."""

from typing import Annotated

from cyclopts import Parameter

from deployments.commands.options import Json


def deploy(
    *,
    work_pool: Annotated[
        str, Parameter(help="The work pool whose workers run the flows; made when missing.")
    ] = "driftloop",
    dry_run: Annotated[
        bool, Parameter(negative="", help="Show the difference and change nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Put every flow of every ready project on the Prefect server, with schedules and triggers.

    The server is the one that PREFECT_API_URL names, or the one of driftloop up. Safe to run
    twice: what people paused or disabled stays so, what has no project file any more is removed.
    """
    from deployments.deploying import deploy_projects
    from deployments.printing import print_json, print_table
    from deployments.server import connect, local_stack

    with connect(local_stack()) as client:
        deployed = deploy_projects(client, work_pool, is_dry=dry_run)
    if json:
        print_json([change.as_json() for change in deployed.changes])
        return
    print_table(
        ("DEPLOYMENT", "", "DETAIL"),
        [(change.name, change.what, change.detail) for change in deployed.changes],
    )
    for project, problem in deployed.left_out:
        print(f"left out: {project}: {problem}")
    print("Nothing was changed." if dry_run else deployed.summary)


COMMANDS = {"deploy": deploy}
