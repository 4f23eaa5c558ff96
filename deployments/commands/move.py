"""The command that moves a store: copy."""

import sys

_FOUND = 65


def copy(source: str, target: str, /) -> None:
    """Copy every record and object of a store to another address, checked; run it again to resume.

    Both are written as in DRIFTLOOP_STORE: file:///absolute/folder or s3://bucket/prefix. What is
    there already is not copied again. At the end the target is verified as a whole.

    Args:
        source: The store to copy.
        target: Where to; empty, or an earlier copy of the same store.
    """
    from deployments.copying import copy_store
    from deployments.printing import clean

    copied = copy_store(source, target)
    for finding in copied.findings:
        print(clean(f"{finding.state:<11}{finding.key}: {finding.detail}"))
    print(
        f"{copied.copied} objects copied, {copied.there} were there; "
        f"projects: {', '.join(copied.projects) or 'none'}"
    )
    if copied.findings:
        print(f"{len(copied.findings)} findings in the copy; copy again, then mend the source")
        sys.exit(_FOUND)
    print(f"{target} is verified: all is sound")
    print(f"to move there: stop the worker, copy once more, then DRIFTLOOP_STORE={target}")


COMMANDS = {"copy": copy}
