"""A real Ceph of one node with its S3 gateway, on loopback, without root and without a container.

Debian's packages ceph-mon, ceph-osd and radosgw are all it needs. Objects are kept in memory, or
in a file where a test kills the daemons and wants everything back.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest

from tests.building.s3_server import S3Server, free_ports, spawn

PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw")
PATIENCE_SECONDS = 90
Objects = Literal["memstore", "bluestore"]

# short proposals and one placement group a pool halve the start; with cephx off radosgw loops
CONF = """[global]
fsid = {fsid}
mon_host = {mons}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
keyring = {folder}/keyring
auth_allow_insecure_global_id_reclaim = false
run_dir = {folder}
admin_socket = {folder}/$name.asok
log_file =
log_to_stderr = true
err_to_stderr = true
mon_cluster_log_file = /dev/null
crash_dir = {folder}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
paxos_propose_interval = 0.05
paxos_min_wait = 0.02
mon_osdmap_full_prune_enabled = false
[mon.a]
mon_data = {folder}/mon
[osd.0]
osd_data = {folder}/osd
osd_objectstore = {objects}
memstore_device_bytes = 4294967296
bluestore_block_size = 4294967296
osd_memory_target = 1073741824
ms_bind_port_min = {osd_port}
ms_bind_port_max = {osd_last}
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_dns_name = localhost
rgw_thread_pool_size = 128
rgw_enable_usage_log = false
rgw_run_sync_thread = false
rgw_rados_pool_pg_num_min = 1
"""


@dataclass
class Ceph(S3Server):
    """The daemons `mon`, `osd` and `rgw` are in `pids`; `start` brings back what was killed."""

    folder: Path = field(default_factory=Path)
    objects: Objects = "memstore"

    @property
    def mons(self) -> str:
        """The monitor's addresses as Ceph writes them."""
        first = self.port + 1
        return f"[v2:127.0.0.1:{first},v1:127.0.0.1:{first + 1}]"

    def create(self) -> None:
        """Make the cluster, start it and let our user in."""
        for name in ("mon", "osd"):
            (self.folder / name).mkdir(parents=True)
        fsid, osd = str(uuid4()), str(uuid4())
        self._configure(fsid)
        self._make_keys()
        self._make_monitor(fsid)
        self._make_disk(osd)
        self.start()
        names = ["--uid=tests", "--display-name=tests"]
        keys = [f"--access-key={self.access_key}", f"--secret-key={self.secret_key}"]
        self.run("radosgw-admin", "-n", "client.rgw", "user", "create", *names, *keys)

    def start(self) -> None:
        """Start the daemons that do not run, and wait until objects can be stored."""
        self._spawn("mon", "ceph-mon", "-i", "a")
        if "osd" not in self.pids:
            self.run("ceph", "osd", "down", "0")  # what was killed still counts as up
            self._spawn("osd", "ceph-osd", "-i", "0")
            self.wait(PATIENCE_SECONDS, "object daemon", self._has_disk)
        self._spawn("rgw", "radosgw", "-n", "client.rgw")
        self.wait(PATIENCE_SECONDS, "gateway", self.listens)

    def run(self, *command: str, given: str | None = None) -> str:
        """Run one of Ceph's programs on this cluster; what it printed."""
        done = self._try(*command, given=given)
        assert done.returncode == 0, f"{command[:3]}: {done.stderr[-2000:]}"
        return done.stdout

    def _try(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        settings = {**os.environ, "CEPH_CONF": str(self.folder / "ceph.conf"), "CEPH_ARGS": ""}
        return subprocess.run(
            command, env=settings, input=given, capture_output=True, text=True, timeout=60
        )

    def _configure(self, fsid: str) -> None:
        text = CONF.format(
            fsid=fsid,
            mons=self.mons,
            folder=self.folder,
            objects=self.objects,
            port=self.port,
            osd_port=self.port + 10,
            osd_last=self.port + 40,
        )
        (self.folder / "ceph.conf").write_text(text)

    def _make_keys(self) -> None:
        ring = str(self.folder / "keyring")
        everything = [
            "--cap",
            "mon",
            "allow *",
            "--cap",
            "osd",
            "allow *",
            "--cap",
            "mgr",
            "allow *",
        ]
        gateway = ["--cap", "mon", "allow rw", "--cap", "osd", "allow rwx"]
        mon = ["-n", "mon.", "--cap", "mon", "allow *"]
        self.run("ceph-authtool", "--create-keyring", ring, "--gen-key", *mon)
        self.run("ceph-authtool", ring, "--gen-key", "-n", "client.admin", *everything)
        self.run("ceph-authtool", ring, "--gen-key", "-n", "client.rgw", *gateway)

    def _make_monitor(self, fsid: str) -> None:
        monmap, ring = str(self.folder / "monmap"), str(self.folder / "keyring")
        self.run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", self.mons, monmap)
        self.run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", ring)
        self._spawn("mon", "ceph-mon", "-i", "a")
        self.wait(PATIENCE_SECONDS, "monitor", self._has_monitor)

    def _make_disk(self, osd: str) -> None:
        ring = str(self.folder / "keyring")
        self.run("ceph-authtool", ring, "--gen-key", "-n", "osd.0")
        secret = self.run("ceph-authtool", ring, "-n", "osd.0", "--print-key").strip()
        secrets = json.dumps({"cephx_secret": secret})
        self.run("ceph", "--connect-timeout", "30", "osd", "new", osd, "-i", "-", given=secrets)
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)

    def _spawn(self, name: str, *command: str) -> None:
        if name in self.pids:
            return
        log = str(self.folder / f"{name}.log")
        conf = ["--conf", str(self.folder / "ceph.conf")]
        self.pids[name] = spawn([*command, "-f", *conf], log)

    def _has_monitor(self) -> bool:
        return self._try("ceph", "--connect-timeout", "2", "mon", "stat").returncode == 0

    def _has_disk(self) -> bool:
        return " 1 up" in self.run("ceph", "--connect-timeout", "30", "osd", "stat")


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ceph]:
    """The one Ceph of a session; it takes some seconds to start and keeps nothing on disk."""
    need_ceph()
    server = Ceph(free_ports(), folder=tmp_path_factory.mktemp("ceph"))
    try:
        server.create()
        yield server
    finally:
        server.stop()


def need_ceph() -> None:
    """Without Ceph's programs its tests are skipped, CI's fail."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    says = f"{', '.join(missing)} missing; Debian's packages are ceph-mon, ceph-osd and radosgw"
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{says}; .ci/run installs them")
    if missing:
        pytest.skip(says)
