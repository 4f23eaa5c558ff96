"""Every object of a store as it was, put back between two trials: a copy would take longer.

Objects are told apart by MD5, which listings of S3 servers show.
"""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def md5(data: bytes) -> str:
    """As S3 writes it in an ETag."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@dataclass
class Objects(ABC):
    """Those that were in a folder at the beginning, there or in a bucket."""

    bodies: dict[str, bytes]

    @classmethod
    def of(cls, folder: Path, url: str, part: str) -> "Objects":
        """What is in the folder; `url` says where trials are made: `file`, or s3://bucket."""
        paths = [path for path in folder.rglob("*") if path.is_file()]
        bodies = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        if url == "file":
            return InFolder(bodies, folder)
        return InBucket(bodies, url.removeprefix("s3://"), f"{part}/")

    def restore(self) -> None:
        """Have all as at the beginning."""
        found = self.found()
        for key in found.keys() - self.bodies.keys():
            self.remove(key)
        for key, data in self.bodies.items():
            if found.get(key) != md5(data):
                self.write(key, data)

    @abstractmethod
    def found(self) -> dict[str, str]:
        """MD5 by key of all that is there now, but what writers left aside and probes."""

    @abstractmethod
    def write(self, key: str, data: bytes) -> None:
        """Behind the product's back."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Behind the product's back."""


@dataclass
class InFolder(Objects):
    """Plain files."""

    folder: Path

    def found(self) -> dict[str, str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        named = ((path.relative_to(self.folder).as_posix(), path) for path in paths)
        return {key: md5(path.read_bytes()) for key, path in named if not key.startswith(".tmp/")}

    def write(self, key: str, data: bytes) -> None:
        (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / key).write_bytes(data)

    def remove(self, key: str) -> None:
        (self.folder / key).unlink()


@dataclass
class InBucket(Objects):
    """Objects of at most one part: then an ETag is an MD5."""

    bucket: str
    prefix: str

    def found(self) -> dict[str, str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        )
        items = (item for page in pages for item in page.get("Contents", []))
        tags = {item["Key"].removeprefix(self.prefix): item["ETag"].strip('"') for item in items}
        return {key: tag for key, tag in tags.items() if not key.startswith("probe/")}

    def write(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data)

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    @cached_property
    def client(self) -> "S3Client":
        """Used by the parent alone: a connection is not shared with a fork."""
        return boto3.client("s3")
