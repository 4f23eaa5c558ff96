"""The store in a bucket of AWS or of any server that speaks its protocol.

How it asks and what refusals mean is `tasks.store.s3.asking`; whether this very server keeps its
promise to create only if absent is found out by `tasks.store.probe`.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from boto3.s3.transfer import create_transfer_manager
from boto3.session import Session
from botocore.exceptions import ClientError

from schemas.errors import Conflict, Missing, StoreUnavailable, Unsupported
from schemas.settings import Addressing
from tasks.store import keys
from tasks.store.backend import Backend, Listed, check_key, check_prefix, write_hashed
from tasks.store.s3.asking import DEADLINE_SECONDS, ask
from tasks.store.s3.bodies import md5_of, opened, rewound
from tasks.store.s3.client import SINGLE_BYTES, TRANSFER, make_client, make_session
from tasks.store.s3.scope import scope_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

_CHUNK_BYTES = 1 << 20
_NEEDS_THE_CONDITION = ("ledger/", keys.PROBES)


class S3Store(Backend):
    """Objects under `prefix` in `bucket`, by the endpoint and credentials of the environment."""

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        addressing: Addressing = "auto",
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._addressing = addressing
        self._deadline_seconds = deadline_seconds
        self._knows_bucket = False

    def describe(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def create(self, key: str, data: bytes) -> bool:
        return self._create(key, lambda: data, lambda: self.read(key) == data)

    def create_file(self, key: str, path: Path) -> bool:
        with opened(path) as file:
            if os.fstat(file.fileno()).st_size <= SINGLE_BYTES:
                return self._create(key, lambda: rewound(file), lambda: self._holds(key, path))
        if self._is_there(key):
            if not self._holds(key, path):
                raise Conflict(f"{key}: the slot already holds something else")
            return False
        self._transfer(key, lambda: self._upload(key, path))
        return True

    def replace(self, key: str, data: bytes) -> None:
        self._ask(key, lambda: self._put(key, data))

    def read(self, key: str) -> bytes:
        return self._ask(key, lambda: bytes(self._get(key)["Body"].read()))

    def read_file(self, key: str, path: Path) -> str:
        return self._transfer(key, lambda: self._download(key, path))

    def size(self, key: str) -> int:
        return int(self._head(key)["ContentLength"])

    def modified(self, key: str) -> datetime:
        modified: datetime = self._head(key)["LastModified"]
        return modified.astimezone(UTC)

    def keys(self, prefix: str) -> list[str]:
        return [listed.key for listed in self.listed(prefix)]

    def listed(self, prefix: str) -> list[Listed]:
        check_prefix(prefix)
        found = [
            Listed(
                item["Key"].removeprefix(self._prefix),
                item["Size"],
                item["LastModified"].astimezone(UTC),
            )
            for page in self._pages(prefix)
            for item in page.get("Contents", [])
        ]
        return sorted(found)

    def delete(self, key: str) -> None:
        name = self._name(key)
        self._ask(key, lambda: self._client.delete_object(Bucket=self._bucket, Key=name))

    def now(self) -> datetime:
        return self._ask("", self._date)

    def probe_scope(self) -> str:
        return scope_of(self._client, self._bucket, self._ask)

    def _create(
        self, key: str, body: Callable[[], bytes | BufferedReader], is_ours: Callable[[], bool]
    ) -> bool:
        """Create if absent. Whatever a lost answer was about, the slot then tells who won it."""
        try:
            self._ask(key, lambda: self._put(key, body(), IfNoneMatch="*"))
        except Conflict:
            if not is_ours():
                raise
            return False
        except Unsupported:
            if key.startswith(_NEEDS_THE_CONDITION):
                raise
            return self._create_unguarded(key, body, is_ours)
        return True

    def _create_unguarded(
        self, key: str, body: Callable[[], bytes | BufferedReader], is_ours: Callable[[], bool]
    ) -> bool:
        """Look, then write, where the server knows no condition: one writer at a time is safe."""
        if self._is_there(key):
            if not is_ours():
                raise Conflict(f"{key}: the slot already holds something else")
            return False
        self._ask(key, lambda: self._put(key, body()))
        return True

    def _put(self, key: str, body: bytes | BufferedReader, **condition: Any) -> None:
        name, md5 = self._name(key), md5_of(body)  # the one checksum that every server compares
        self._client.put_object(
            Bucket=self._bucket, Key=name, Body=body, ContentMD5=md5, **condition
        )

    def _get(self, key: str) -> Any:
        name = self._name(key)
        return self._client.get_object(Bucket=self._bucket, Key=name)

    def _head(self, key: str) -> Any:
        name = self._name(key)
        try:
            return self._ask(key, lambda: self._client.head_object(Bucket=self._bucket, Key=name))
        except Missing:
            self._check_bucket()  # the answer to HEAD does not tell what is missing
            raise

    def _is_there(self, key: str) -> bool:
        try:
            self.size(key)
        except Missing:
            return False
        return True

    def _holds(self, key: str, path: Path) -> bool:
        return self._ask(key, lambda: self._is_same(key, path))

    def _is_same(self, key: str, path: Path) -> bool:
        stored = self._get(key)
        if stored["ContentLength"] != path.stat().st_size:
            return False
        with opened(path) as file:
            return all(
                file.read(len(chunk)) == chunk for chunk in stored["Body"].iter_chunks(_CHUNK_BYTES)
            )

    def _upload(self, key: str, path: Path) -> None:
        with create_transfer_manager(self._transferring, TRANSFER) as manager:
            manager.upload(str(path), self._bucket, self._name(key)).result()

    def _download(self, key: str, path: Path) -> str:
        return write_hashed(self._get(key)["Body"].iter_chunks(_CHUNK_BYTES), path)

    def _pages(self, prefix: str) -> Iterator[Any]:
        start = self._prefix + prefix
        token: dict[str, Any] = {}
        while True:
            ask_for_page = partial(
                self._client.list_objects_v2, Bucket=self._bucket, Prefix=start, **token
            )
            page = self._ask(prefix, ask_for_page)
            yield page
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def _date(self) -> datetime:
        """From the headers, which an answer to a badly skewed clock has as well."""
        try:
            answer: Any = self._look()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise
            answer = error.response
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def _check_bucket(self) -> None:
        if not self._knows_bucket:
            self._ask("", self._look)
            self._knows_bucket = True

    def _look(self) -> Any:
        return self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)

    def _ask(self, key: str, operation: Callable[[], T]) -> T:
        return ask(f"{self.describe()}/{key}", operation, self._deadline_seconds)

    def _transfer(self, key: str, operation: Callable[[], T]) -> T:
        try:
            return self._ask(key, operation)
        except OSError as error:
            raise StoreUnavailable(
                f"{key}: {error.strerror or error}; repair the cause, then run again"
            ) from error

    def _name(self, key: str) -> str:
        check_key(key)
        return self._prefix + key

    @cached_property
    def _session(self) -> Session:
        return make_session()

    @cached_property
    def _client(self) -> "S3Client":
        return make_client(self._session, self._addressing, own_retries=True)

    @cached_property
    def _transferring(self) -> "S3Client":
        return make_client(self._session, self._addressing, own_retries=False)
