"""What every stored record shares: format number, own digest, tolerance for unknown fields.

The records themselves live one a file beside this one; reading and committing is `tasks.store`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr

from schemas.errors import Damaged

FORMAT = 1


class Value(BaseModel):
    """A frozen part of a record. Fields that a later version added are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ObjectRef(Value):
    """A stored object, named after its own content: whoever reads it checks the sha256 first."""

    key: str
    sha256: str
    bytes: int


class Record(Value):
    """One committed JSON object. Its digest covers all of its body, unknown fields included."""

    kind: ClassVar[str]
    _stored_digest: str | None = PrivateAttr(default=None)

    def to_bytes(self) -> bytes:
        """The canonical bytes to commit: equal records give equal bytes."""
        body = {"format": FORMAT, "kind": self.kind, **self.model_dump(mode="json")}
        return canonical_json({**body, "digest": digest_of(body)})

    @property
    def digest(self) -> str:
        """Sha256 of the body; of a record that was read, the one stored with it."""
        return self._stored_digest or digest_of(
            {"format": FORMAT, "kind": self.kind, **self.model_dump(mode="json")}
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, which is no longer the record that was read."""
        copy = super().model_copy(update=update, deep=deep)
        copy._stored_digest = None
        return copy

    @classmethod
    def from_bytes(cls, data: bytes, key: str) -> Self:
        """Parse stored bytes, whichever version wrote them.

        Raises:
            Damaged: not JSON, another kind or format, or the digest differs from the body.
        """
        body = parse_json(data, key)
        claimed = body.pop("digest", None)
        if claimed != digest_of(body):
            raise Damaged(f"{key}: the record's digest does not match its body; restore the object")
        if body.get("kind") != cls.kind or body.get("format") != FORMAT:
            raise Damaged(
                f"{key}: expected kind {cls.kind!r} in format {FORMAT}, "
                f"found {body.get('kind')!r} in format {body.get('format')!r}"
            )
        record = cls.model_validate(body)
        record._stored_digest = claimed
        return record


def canonical_json(body: object) -> bytes:
    """The one byte form of a JSON value: sorted keys, no spaces, no NaN."""
    text = json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest_of(body: object) -> str:
    """Sha256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(body)).hexdigest()


def parse_json(data: bytes, key: str) -> dict[str, Any]:
    """Parse a stored JSON object, refusing NaN and anything that is no object.

    Raises:
        Damaged: the bytes are not a JSON object.
    """

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        body = json.loads(data, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{key}: not a JSON object ({error}); restore the object") from error
    if not isinstance(body, dict):
        raise Damaged(f"{key}: a JSON object was expected, found {type(body).__name__}")
    return body
