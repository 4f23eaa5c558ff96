"""The command contract: what rows are held to, and what changed since a model was made."""

from typing import Annotated, Literal

from cyclopts import Parameter

from deployments.commands.options import Json


def contract(
    action: Literal["show", "diff"],
    project: str,
    *,
    version: Annotated[
        str | None, Parameter(help="The model to compare with; by default the champion.")
    ] = None,
    json: Json = False,
) -> None:
    """Show a project's data contract, or its differences from the one that a model was made under.

    `diff` exits 1 when a change is breaking: the champion can then not score, or nights before not
    train.
    """
    if action == "show":
        _show(project, json)
    else:
        _diff(project, version, json)


def _show(project: str, json: bool) -> None:
    from deployments.printing import print_json, print_table
    from flows.find import find_project
    from schemas.contract import describe_whole
    from tasks.core.contract_diff import tell_rules

    columns = describe_whole(find_project(project).contract)
    if json:
        print_json(columns)
        return
    shown = ("name", "role", "dtype", "unit", "owner", "meaning")
    rows = [
        (*(column[what] for what in shown[:4]), tell_rules(column), *(column[w] for w in shown[4:]))
        for column in columns
    ]
    print_table(("COLUMN", "ROLE", "TYPE", "UNIT", "RULES", "OWNER", "MEANING"), rows)


def _diff(project: str, version: str | None, json: bool) -> None:
    import sys
    from dataclasses import asdict

    from deployments.printing import print_json, print_table
    from flows.find import find_project
    from tasks.engine.contract_diff import diff_with_model
    from tasks.home import home

    version, changes = diff_with_model(home(), find_project(project), version)
    is_breaking = any(change.effect == "breaking" for change in changes)
    if json:
        told = [asdict(change) for change in changes]
        print_json({"version": version, "breaking": is_breaking, "changes": told})
    elif not changes:
        print(f"{project}: the contract is the one that {version} was made under")
    else:
        print_table(
            ("COLUMN", "EFFECT", f"SINCE {version}"),
            [(change.column, change.effect, change.sentence) for change in changes],
        )
        print(f"{project}: {'breaking' if is_breaking else 'compatible'}")
    sys.exit(int(is_breaking))


COMMANDS = {"contract": contract}
