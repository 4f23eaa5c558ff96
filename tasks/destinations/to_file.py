"""Predictions as a file a night, in a folder or a bucket, for whoever picks up files."""

import hashlib
import io
import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, Field

from schemas.destination import Destination
from schemas.errors import NotDelivered
from schemas.period import period_of
from tasks.sources.places import is_bucket, locate, read_address, shown
from tasks.sources.template import check_template, fill, names_night
from tasks.store.local import sync_folder


def _check_file(template: str) -> str:
    if not template.endswith((".parquet", ".csv")):
        raise ValueError(f"{template!r} must end with .parquet or .csv")
    if not names_night(check_template(template)):
        raise ValueError(f"{template!r} must name the night, as in predictions/{{as_of}}.parquet")
    return template


class ToFile(Destination):
    """A Parquet or CSV file that is there whole or not at all; one that is equal stays."""

    file: Annotated[str, AfterValidator(_check_file)] = Field(
        description="a name in the data folder of the settings, an absolute path, or "
        "s3://bucket/key, with {as_of} or such as {as_of:%Y/%m/%d} for the night"
    )

    def told(self, as_of: date) -> str:
        """The file's name, or its address in a bucket."""
        return shown(fill(self.file, as_of))

    def put(self, as_of: date, predictions: pd.DataFrame) -> str:
        """Write the file beside its place, then move it there."""
        if not names_night(self.file, period_of(as_of)):
            raise NotDelivered(
                f"{self.file!r} names no {period_of(as_of)}: each would replace the one before; "
                "write {as_of}"
            )
        data, address = self._written(predictions), locate(fill(self.file, as_of))
        if read_address(address) != data:
            _write(address, data)
        return hashlib.sha256(data).hexdigest()

    def _written(self, predictions: pd.DataFrame) -> bytes:
        if self.file.endswith(".csv"):
            return predictions.to_csv(index=False, lineterminator="\n").encode()
        written = io.BytesIO()
        predictions.to_parquet(written, index=False)
        return written.getvalue()


def _write(address: str, data: bytes) -> None:
    if is_bucket(address):
        from tasks.store.s3.objects import write_object

        write_object(address, data)
        return
    try:
        _write_whole(Path(address), data)
    except OSError as error:
        reason = error.strerror or error
        raise NotDelivered(
            f"{address}: {reason}; make room for it and let this user write"
        ) from error


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        with suppress(FileNotFoundError):  # moved
            aside.unlink()
    sync_folder(path.parent)
