"""Free ports. A stack keeps those it chose once, so that bookmarks live as long as its folder."""

import errno
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

# Below the ports that systems give to outgoing connections, which would take a remembered one.
_FIRST, _COUNT = 20_000, 10_000


def candidates(folder: Path, remembered: int | None) -> Iterator[int]:
    """The remembered port, then the folder's own ones: the same even after a lost stack.json."""
    if remembered is not None:
        yield remembered
    start = int.from_bytes(sha256(str(folder).encode()).digest()[:4])
    for step in range(_COUNT):
        yield _FIRST + (start + step) % _COUNT


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now.

    Raises:
        OSError: this machine has no such address.
    """
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind(address)
        except PermissionError:
            return False
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True
