"""The stores of a hard year: a folder, or Ceph behind a proxy that loses and damages answers."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.building.ceph import Ceph, need_ceph
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Kind
from tests.building.s3_server import free_ports

_KINDS: tuple[Kind, ...] = (
    *("status", "drop_before", "drop_after", "slow"),
    *("truncate_upload", "truncate_response", "corrupt_upload", "corrupt_response"),
)
_SHARE = 0.01
"""Of all requests."""


@dataclass
class Place:
    """A store's address, and what may strike it."""

    url: str
    proxy: FaultProxy | None = None
    ceph: Ceph | None = None
    outages: int = 0
    _struck: Counter[str] = field(default_factory=Counter)
    # one thread for the whole year: a daemon dies with the thread that started it
    _aside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @contextmanager
    def struck(self, seed: str, *, is_outage: bool) -> Iterator[None]:
        """Faults for as long as the block lasts; an outage is a killed server that comes back."""
        if self.proxy is None:
            yield
            return
        self.proxy.torture(seed, _SHARE, *_KINDS)
        outage = self._aside.submit(self._outage) if is_outage and self.ceph else None
        try:
            yield
        finally:
            if outage:
                outage.result()
            self._struck.update(str(seen.fault) for seen in self.proxy.seen if seen.fault)
            self.proxy.plan()

    def told(self) -> str:
        """How often what struck."""
        faults = ", ".join(f"{count} {kind}" for kind, count in sorted(self._struck.items()))
        return f"{faults or 'none'}; server killed {self.outages} times"

    def _outage(self) -> None:
        assert self.ceph
        self.ceph.kill("rgw")
        self.outages += 1
        self.ceph.start()


@contextmanager
def open_place(kind: str, folder: Path) -> Iterator[Place]:
    """A new, empty store of a kind (`local` or `ceph`), with its settings in the environment."""
    if kind == "local":
        yield Place((folder / "store").as_uri())
        return
    need_ceph()
    (folder / "ceph").mkdir()
    server = Ceph(free_ports(), folder=folder / "ceph", objects="bluestore")
    try:
        server.create()
        bucket = server.make_bucket()
        with FaultProxy(server.port).running() as proxy:
            os.environ |= {**server.environment, "AWS_ENDPOINT_URL": proxy.endpoint}
            yield Place(f"s3://{bucket}/year", proxy, server)
    finally:
        server.stop()
