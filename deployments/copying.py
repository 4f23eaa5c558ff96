"""A store copied and then verified, with a bar for as long as it takes."""

from dataclasses import dataclass

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from schemas.settings import current_settings
from tasks.store import open_store
from tasks.store.copy import carry_copy, plan_copy
from tasks.store.verify import Finding, verify


@dataclass(frozen=True)
class Copied:
    """What was done, and what is wrong with the copy; what expired in the source is not."""

    copied: int
    there: int
    projects: tuple[str, ...]
    findings: tuple[Finding, ...]


def copy_store(source_url: str, target_url: str) -> Copied:
    """Copy what the target lacks, then verify every project there.

    Raises:
        InvalidName: an address is none, or both are the same.
        StoreError: a damaged source, a target with another history, a store that does not answer.
    """
    settings = current_settings()
    source, target = (
        open_store(url, settings.cache, settings.s3_addressing) for url in (source_url, target_url)
    )
    console = Console(stderr=True)
    console.print(f"Comparing {source.backend.describe()} with {target.backend.describe()}")
    plan = plan_copy(source, target)
    total = sum(one.bytes for one in (*plan.objects, *plan.entries))
    console.print(f"Copying {plan.total} objects, {decimal(total)}; then all is verified")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"copying {plan.total} objects", total=total)
        carry_copy(source, target, plan, lambda size: bar.advance(task, size))
        bar.add_task("verifying", total=None)
        findings = [found for project in plan.projects for found in verify(target, project)]
    wrong = tuple(found for found in findings if found.state != "expired")
    return Copied(plan.total, plan.there, plan.projects, wrong)
