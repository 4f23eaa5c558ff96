"""A store as driftloop's first versions left it: cards that do not list their nights."""

import json

from schemas.record import canonical_json, digest_of
from tests.building.world import World


def forget_training_sets(world: World) -> None:
    """Write every card anew without the lists of its nights."""
    for path in (world.root / "store" / "models").rglob("card.json"):
        body = json.loads(path.read_bytes())
        for fit in (*body["members"], *body["stand_in"]):
            del fit["trained_on"]
        del body["digest"]
        path.chmod(0o644)
        path.write_bytes(canonical_json({**body, "digest": digest_of(body)}))
    world.forget()
