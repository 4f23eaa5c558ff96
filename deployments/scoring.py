"""Rows of a file scored by the champion, outside of any night."""

from datetime import date
from pathlib import Path

import pandas as pd

from flows.find import find_project
from flows.nights import newest_or_tonight
from schemas.errors import DataUnreadable, NotYet
from schemas.period import shift
from tasks.core.checking import REASON, check_rows
from tasks.core.cleaning import clean_rows
from tasks.engine.score import score_frame
from tasks.home import home
from tasks.store.ledger import read_standing


def score_file(project: str, file: Path) -> tuple[pd.DataFrame, str | None]:
    """Key and prediction of each sound row, and a sentence on the rows that were not.

    Raises:
        DataUnreadable: the file cannot be read, or lacks columns of the contract.
        NotYet: there is no champion.
    """
    found = find_project(project)
    version = read_standing(home(), project).champion
    if version is None:
        raise NotYet(f"{project}: there is no champion yet; driftloop status {project} says why")
    cleaned = clean_rows(_read(file), found.cleaning, date.max).frame
    checked = check_rows(cleaned, found.contract, quarantine_limit=1.0)
    if checked.refused:
        raise DataUnreadable(f"{file}: {checked.refused}")
    as_of = shift(newest_or_tonight(found), 1)  # its rows come after all nights
    scored, _ = score_frame(home(), found, version, checked.kept, as_of)
    if checked.quarantine.empty:
        return scored, None
    reasons = checked.quarantine[REASON].value_counts()
    worst = f"{reasons.index[0]} ({reasons.iloc[0]} rows)"
    return scored, f"{file}: {len(checked.quarantine)} rows refused, most for {worst}"


def _read(file: Path) -> pd.DataFrame:
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(file)
        return pd.read_csv(file, dtype="str")
    except (OSError, ValueError) as error:
        raise DataUnreadable(f"{file}: cannot be read as CSV or Parquet ({error})") from error
