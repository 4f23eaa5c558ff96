"""Commands for trust: verify, replay."""

import sys

from deployments.commands.options import Json

_FOUND = 65


def verify(project: str, *, json: Json = False) -> None:
    """Check every record of a project and all that it names; exit 65 and name the keys if not."""
    from deployments.printing import clean, print_json
    from flows.find import find_project
    from tasks.home import home
    from tasks.store.verify import verify as walk

    findings = list(walk(home(), find_project(project).name))
    if json:
        print_json([{"key": f.key, "state": f.state, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            print(clean(f"{finding.state:<11}{finding.key}: {finding.detail}"))
        print(f"{project}: {len(findings)} findings" if findings else f"{project}: all is sound")
    if findings:
        sys.exit(_FOUND)


COMMANDS = {"verify": verify}
