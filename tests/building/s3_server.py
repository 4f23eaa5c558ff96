"""An S3 server for tests, whichever program it is; the programs are `ceph` and `moto` beside this.

Servers start once a session and are shared: a test makes buckets of its own.
"""

import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCESS_KEY, SECRET_KEY = "driftloop-tests", "hunter2-do-not-print"
REGION = "us-east-1"
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
PORTS = 50
"""How many ports from its first on are a server's own."""


@dataclass
class S3Server:
    """Where it answers, who may enter, and its processes by name."""

    port: int
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """What AWS_ENDPOINT_URL wants."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process that uses the server has in its environment."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": REGION,
        }

    def client(self) -> "S3Client":
        """Bare boto3, for what a test does behind the product's back."""
        return _client_of(self.endpoint, self.access_key, self.secret_key)

    def make_bucket(self, *, versioned: bool = False) -> str:
        """A new, empty bucket; its name."""
        bucket = f"tests-{secrets.token_hex(6)}"
        self.client().create_bucket(Bucket=bucket)
        if versioned:
            self.version(bucket)
        return bucket

    def version(self, bucket: str) -> None:
        """Switch versioning on, which nothing switches off for good."""
        self.client().put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
        )

    def kill(self, name: str) -> None:
        """`kill -9` one of its processes; gone when this returns."""
        pid = self.pids.pop(name)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def stop(self) -> None:
        """End all of its processes."""
        for name in list(self.pids):
            self.kill(name)

    def has_died(self) -> str | None:
        """The name of a process that ended by itself."""
        for name, pid in self.pids.items():
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self.pids[name]
                return name
        return None

    def wait(self, seconds: float, what: str, is_so: Callable[[], bool]) -> None:
        """Until it is so, at most so long, and only while all processes live."""
        deadline = time.monotonic() + seconds
        while not is_so():
            died = self.has_died()
            assert died is None, f"{died} died while the test waited for {what}"
            assert time.monotonic() < deadline, f"no {what} after {seconds:g} s"
            time.sleep(0.05)

    def listens(self) -> bool:
        """Whether something takes connections at its address."""
        with socket.socket() as caller:
            caller.settimeout(1)
            return caller.connect_ex(("127.0.0.1", self.port)) == 0


def spawn(command: list[str], log: str) -> int:
    """Start a process that dies with this one, however this one dies; its pid."""
    with open(log, "ab") as file:  # noqa: PTH123  # a path that Popen takes
        started = subprocess.Popen(
            [*(_DIES_WITH_US if shutil.which("setpriv") else ()), *command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    started.returncode = 0  # its end is waited for by pid
    return started.pid


def free_ports() -> int:
    """The first of PORTS free ports, below those that clients are given (from 32768 on)."""
    while True:
        first = random.randrange(20_000, 32_000, PORTS)
        if all(_is_free(port) for port in range(first, first + PORTS)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@cache
def _client_of(endpoint: str, access_key: str, secret_key: str) -> "S3Client":
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name=REGION,
    )
