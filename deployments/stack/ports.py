"""Ports to listen on. A stack keeps those it chose once, so that bookmarks outlive a restart.

What answers on them is `deployments.stack.parts`.
"""

import errno
import socket
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path

from deployments.stack.state import Tell
from schemas.errors import InvalidName

# Below the ports that systems give to outgoing connections, which would take a remembered one.
_FIRST, _COUNT = 20_000, 10_000
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
    folder: Path, host: str, remembered: int | None, others: Collection[int], tell: Tell
) -> int:
    """The remembered port while it is free, else another, which is said."""
    tried = (p for p in _candidates(folder, remembered) if p not in others)
    port = next(port for port in tried if is_free(host, port))
    if remembered not in (None, port):
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


def _candidates(folder: Path, remembered: int | None) -> Iterator[int]:
    """The remembered port, then the folder's own: the same ones even after a lost stack.json."""
    if remembered is not None:
        yield remembered
    start = int.from_bytes(sha256(str(folder).encode()).digest()[:4])
    for step in range(_COUNT):
        yield _FIRST + (start + step) % _COUNT
