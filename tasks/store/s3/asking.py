"""Asking an S3 server until it answers, and what its refusals mean for a person.

A request without an answer may have had its effect; doing it again must be safe, and is: creates
are conditional, and all else writes the same bytes. What to ask is `tasks.store.s3.store`.
"""

import logging
import random
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSLError,
)
from botocore.parsers import ResponseParserError
from s3transfer.exceptions import RetriesExceededError

from schemas.errors import Conflict, Missing, StoreError, StoreUnavailable, Unsupported

T = TypeVar("T")

_log = logging.getLogger("driftloop")

DEADLINE_SECONDS = 120.0
_FIRST_PAUSE_SECONDS = 0.1
_SILENT_ATTEMPTS = 4
_LONGEST_PAUSE_SECONDS = 5.0

REFUSALS = (BotoCoreError, ClientError, ResponseParserError, RetriesExceededError)
_NO_S3 = "what answers there does not speak S3; correct AWS_ENDPOINT_URL"
_LOST = (ConnectionError, HTTPClientError, IncompleteReadError)
_TRANSIENT = {
    *("BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch"),  # damaged on the way
    *("ConditionalRequestConflict", "OperationAborted", "RequestTimeout", "SlowDown"),
    *("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests"),
}
_NEXT_STEPS = {
    "AccessDenied": "let these credentials do that in their policy (docs/store.md has three)",
    "ExpiredToken": "renew the credentials of this machine",
    "InvalidAccessKeyId": "correct AWS_ACCESS_KEY_ID, or the profile or role it comes from",
    "InvalidToken": "correct AWS_SESSION_TOKEN, or leave it away",
    "NoSuchBucket": "make the bucket, or correct DRIFTLOOP_STORE and AWS_ENDPOINT_URL",
    "RequestTimeTooSkewed": "set this machine's clock, for example with NTP",
    "SignatureDoesNotMatch": "correct AWS_SECRET_ACCESS_KEY, or the profile it comes from",
    "TokenRefreshRequired": "renew the credentials of this machine",
}
_ALIASES = {
    "403": "AccessDenied",
    "Forbidden": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
}


def ask(what: str, operation: Callable[[], T], deadline_seconds: float = DEADLINE_SECONDS) -> T:
    """The operation's answer, asked for again with growing pauses while it may still come.

    Raises:
        Missing: there is no such object.
        Conflict: the condition did not hold; after a lost answer our own object may be why.
        Unsupported: the server does not know what is asked.
        StoreUnavailable: no answer until the deadline, or a refusal that no repetition changes.
    """
    ends = time.monotonic() + deadline_seconds
    for attempt in count():
        try:
            return operation()
        except REFUSALS as error:
            pause = _pause(attempt)
            if not is_transient(error) or time.monotonic() + pause > ends:
                raise explain(what, error) from error
            if attempt == _SILENT_ATTEMPTS:
                _log.warning(
                    "%s; asking again for up to %.0f s", explain(what, error), deadline_seconds
                )
            time.sleep(pause)
    raise AssertionError


def is_transient(error: BaseException) -> bool:
    """Whether the same request may succeed in a moment."""
    if isinstance(error, RetriesExceededError):
        return is_transient(error.last_exception)
    if isinstance(error, ClientError):
        status, code = _told(error)
        return code in _TRANSIENT or status in (408, 429) or (status >= 500 and status != 501)
    return isinstance(error, _LOST) and not isinstance(error, SSLError)


def explain(what: str, error: BaseException) -> StoreError:
    """The error of ours that says the same, with the next step."""
    if isinstance(error, RetriesExceededError):
        return explain(what, error.last_exception)
    if not isinstance(error, ClientError):
        return StoreUnavailable(f"{what}: {_reason(error)}")
    status, code = _told(error)
    if code == "404" and error.operation_name != "HeadObject":
        return StoreUnavailable(f"{what}: {_NO_S3}")
    if code in ("NoSuchKey", "NotFound", "404"):
        return Missing(f"{what}: there is no such object in the store")
    if status == 412:
        return Conflict(f"{what}: the slot already holds something else")
    if status == 501:
        return Unsupported(f"{what}: the server cannot do that ({code}); see driftloop doctor")
    step = _NEXT_STEPS.get(code, "repair the cause, then run again")
    if is_transient(error):
        step = "the server is there but does not serve; once it does, run again"
    return StoreUnavailable(f"{what}: {code} (HTTP {status}); {step}")


def _pause(attempt: int) -> float:
    """Full jitter, so that many clients do not come back at once."""
    return random.uniform(
        0, min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0 ** min(attempt, 10))
    )


def _told(error: ClientError) -> tuple[int, str]:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    code = str(error.response.get("Error", {}).get("Code") or status)
    return status, _ALIASES.get(code, code)


def _reason(error: BaseException) -> str:
    """What is wrong and what to do; never the credentials, which no botocore message holds."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return (
            "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "AWS_PROFILE, or give this machine a role"
        )
    if isinstance(error, ProfileNotFound):
        return f"{error}; correct AWS_PROFILE"
    if isinstance(error, ResponseParserError):
        return _NO_S3
    if isinstance(error, SSLError) and "WRONG_VERSION_NUMBER" in str(error):
        return "the server speaks plain http; write http:// in AWS_ENDPOINT_URL"
    if isinstance(error, SSLError):
        return f"{error}; name your certificate authority's file in AWS_CA_BUNDLE"
    if isinstance(error, _LOST):
        return f"{error}; check AWS_ENDPOINT_URL and that the server runs, then run again"
    return f"{error}; repair the cause, then run again"
