"""Clients of boto3 as the store needs them. What is asked of them is `tasks.store.s3.store`.

Credentials, endpoint, region, proxy and CA bundle come by boto3's usual chain: environment,
profile, role. Nothing here reads or prints them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from schemas.errors import StoreUnavailable
from schemas.settings import Addressing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


SINGLE_BYTES = 16 << 20
"""Larger files go up in parts; a record never does, since parts are not conditional."""
TRANSFER = TransferConfig(multipart_threshold=SINGLE_BYTES, multipart_chunksize=8 << 20)


def make_client(session: Session, addressing: Addressing, *, own_retries: bool) -> "S3Client":
    """A client that either never asks twice, or asks again by itself (for parts of a transfer).

    An answer lost after a conditional create looks like a lost race when boto3 asks again, so the
    client for records leaves that to `tasks.store.s3.asking`.

    Raises:
        StoreUnavailable: the AWS settings of the environment contradict themselves.
    """
    attempts = 1 if own_retries else 5
    with _explained():
        client = _client(session, attempts, addressing)
        if addressing == "auto" and ".amazonaws.com" not in client.meta.endpoint_url:
            # most servers that are not AWS have no name for every bucket
            client = _client(session, attempts, "path")
    return client


def make_session() -> Session:
    """The profile and role that the environment names. Errors as in `make_client`."""
    with _explained():
        core = get_session()
        core.register_component("data_loader", _service_models())
        return Session(botocore_session=core)


@cache
def _service_models() -> Any:
    """What botocore knows of S3, read once a process: every session of its own takes 30 ms."""
    return get_session().get_component("data_loader")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ValueError) as error:
        raise StoreUnavailable(
            f"the settings for S3 cannot be used ({error}); look at AWS_ENDPOINT_URL, AWS_PROFILE, "
            "AWS_DEFAULT_REGION, AWS_CA_BUNDLE"
        ) from error


def _client(session: Session, attempts: int, addressing: Addressing) -> "S3Client":
    config = Config(
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=32,
        tcp_keepalive=True,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        # checksums of boto3's own are refused by some servers and ignored by others; sha256 is ours
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": addressing},
    )
    client: S3Client = session.client("s3", config=config)
    return client
