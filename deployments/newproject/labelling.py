"""Labels from files of their own, put beside the rows of a sample. Reading is `sampling`."""

from dataclasses import replace

import pandas as pd

from deployments.newproject.sampling import FromFiles, Sample, take_sample
from schemas.errors import DataUnreadable, InvalidName
from tasks.inferring.asked import Asked
from tasks.sources.keyed import make_keys


def add_labels(sample: Sample, labels: str, asked: Asked) -> tuple[Sample, Asked]:
    """The rows with the target that their key has in the labels' files, and the key.

    The key is what was asked for, or else what both have: a column with a value of its own for
    each label, or all of them together.

    Raises:
        InvalidName: rows come from a query or have the target already, or no column names a row.
        DataUnreadable: the labels cannot be read as the rows are, or none is of a row.
    """
    if asked.target in sample.frame:
        raise InvalidName(f"--labels: the rows have {asked.target[:80]!a} already; leave it out")
    found = take_sample(labels, None, "--labels")
    if not (isinstance(sample.origin, FromFiles) and isinstance(found.origin, FromFiles)):
        raise InvalidName("--labels names files; join labels to the rows in the query itself")
    _check_read_alike(sample.origin, found.origin)
    origin = replace(sample.origin, labels=found.origin.file)
    key = _key(sample.frame, found.frame, asked)
    told = make_keys(found.frame, key)
    values = pd.Series(found.frame[asked.target].to_numpy(), told).groupby(level=0).last()
    target = make_keys(sample.frame, key).map(values)
    if target.isna().all():
        raise DataUnreadable(f"--labels: no row has the {', '.join(key)} of a label; name --key")
    joined = sample.frame.assign(**{asked.target: target})
    more = f"{sample.told}, {int(target.notna().sum()):,} of them with a label of {found.told}"
    return replace(sample, frame=joined, origin=origin, told=more), replace(asked, key=key)


def _check_read_alike(rows: FromFiles, labels: FromFiles) -> None:
    """A source has one separator and one encoding."""
    of_rows, of_labels = ((one.separator, one.encoding) for one in (rows, labels))
    if of_rows != of_labels:
        raise DataUnreadable(
            f"--labels: separator and encoding {of_labels} are not those of the rows, {of_rows}; "
            "deliver both alike"
        )


def _key(rows: pd.DataFrame, labels: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    if asked.target not in labels:
        there = ", ".join(ascii(str(name))[:40] for name in labels.columns[:20])
        raise InvalidName(f"--target: the labels have no column {asked.target!a}, only {there}")
    both = [str(name) for name in rows.columns if name in labels.columns]
    if asked.key:
        if missing := [name for name in asked.key if name not in both]:
            raise InvalidName(f"--key: {missing[0][:80]!a} is not in both, rows and labels")
        return asked.key
    own = [name for name in both if name != asked.time and labels[name].is_unique]
    if not both:
        raise InvalidName("--labels: no column is in both, rows and labels; one must name the row")
    return (own[0],) if own else tuple(both)
