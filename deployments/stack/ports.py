"""Ports to listen on. A stack keeps those it chose once, so that bookmarks outlive a restart.

What answers on them is `deployments.stack.parts`.
"""

import errno
import socket
import time
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path

from deployments.stack.state import Tell
from schemas.errors import InvalidName

# Below the ports that systems give to outgoing connections, which would take a remembered one.
_FIRST, _COUNT = 20_000, 10_000
_LETTING_GO_SECONDS = 1
_EVERYWHERE = ("0.0.0.0", "::", "")


def check_host(host: str) -> None:
    """Refuse what the links of a browser could not name.

    Raises:
        InvalidName: it is no IPv4 address or name of this machine, or stands for all addresses.
    """
    what = f"--host {host[:80]!a} is refused"
    if host in _EVERYWHERE or ":" in host:
        raise InvalidName(f"{what}: name the IPv4 address or host name that browsers will use")
    try:
        is_free(host, 0)
    except OSError as error:
        raise InvalidName(
            f"{what}: {error.strerror or error}; name an address of this machine"
        ) from error


def choose_port(
    folder: Path, host: str, remembered: int | None, others: Collection[int | None], tell: Tell
) -> int:
    """The remembered port while it is free, else another, which is said; none of the `others`."""
    if remembered is not None and _is_soon_free(host, remembered):
        return remembered
    port = next(p for p in _own(folder) if p not in others and is_free(host, p))
    if remembered is not None:
        tell(f"Port {remembered} is taken by another program: from now on it is {port}")
    return port


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now.

    Raises:
        OSError: this machine has no such address.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def _is_soon_free(host: str, port: int) -> bool:
    """Whether it is free, or becomes so within a second: a killed process lets go a little late."""
    deadline = time.monotonic() + _LETTING_GO_SECONDS
    while not is_free(host, port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _own(folder: Path) -> Iterator[int]:
    """The folder's own ports: the same ones even after a lost stack.json."""
    start = int.from_bytes(sha256(str(folder).encode()).digest()[:4])
    return (_FIRST + (start + step) % _COUNT for step in range(_COUNT))
