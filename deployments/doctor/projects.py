"""The project files: whether each can be loaded, and whether its data is there."""

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, warn


def check_projects(case: Case) -> Finding:
    """Broken files fail; a project whose data is not there is only named, unless it was asked for.

    The ones that driftloop ships wait for data that most machines do not have.
    """
    from flows.find import find_project, list_projects

    if case.project:
        find_project(case.project)
    found = [one for one in list_projects() if case.project in (None, one.name)]
    broken = [one for one in found if one.project is None]
    if broken:
        return fail(
            "; ".join(f"{one.name}: {one.problem}" for one in broken),
            f"correct {', '.join(str(one.where) for one in broken)}, then driftloop projects",
        )
    waiting = [one for one in found if one.problem]
    if case.project and waiting:
        return warn(f"{case.project}: {waiting[0].problem}", "deliver its data, then run it again")
    ready = ", ".join(one.name for one in found if not one.problem) or "none"
    left = ", ".join(one.name for one in waiting)
    return ok(f"ready: {ready}" + (f"; without data: {left}" if left else ""))
