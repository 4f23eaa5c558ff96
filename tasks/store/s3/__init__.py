"""The store in an S3-compatible bucket."""

from tasks.store.s3.store import S3Store

__all__ = ["S3Store"]
