"""What a probe of a bucket holds for: whether it creates only if absent depends on its versioning.

The probe itself is `tasks.store.probe`.
"""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from schemas.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def scope_of(client: "S3Client", bucket: str, ask: Callable[[str, Callable[[], Any]], Any]) -> str:
    """Server, bucket and versioning; like no other where the server does not tell the last."""
    try:
        answer = ask(f"{bucket}: versioning", lambda: client.get_bucket_versioning(Bucket=bucket))
        versioning = answer.get("Status", "never on")
    except StoreError:  # forbidden or unknown there: then each verdict is found anew
        versioning = f"untold {secrets.token_hex(8)}"
    return f"{client.meta.endpoint_url} {bucket}: versioning {versioning}"
