"""Night records across versions."""

import json
from pathlib import Path

from schemas.night import Night
from schemas.record import canonical_json, digest_of

KEPT = Path(__file__).parents[1] / "stores" / "format1" / "store"


def test_a_policy_field_of_a_later_version_is_ignored() -> None:
    path = max(KEPT.glob("nights/*/*/r*.json"))
    body = json.loads(path.read_bytes())
    del body["digest"]
    body["policy"]["patience"] = 3
    later = Night.from_bytes(canonical_json({**body, "digest": digest_of(body)}), "later")
    assert later.policy == Night.from_bytes(path.read_bytes(), "now").policy
    assert later.digest == digest_of(body)
