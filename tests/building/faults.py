"""What can happen to a request on its way. Doing it is `tests.building.fault_proxy`."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "status",
    "drop_before",
    "drop_after",
    "hang",
    "slow",
    "truncate_upload",
    "truncate_response",
    "corrupt_upload",
    "corrupt_response",
]


@dataclass
class Fault:
    """What strikes requests by `method` whose path and query hold `path`, after `skip` of them."""

    kind: Kind
    method: str = ".*"
    path: str = ""
    skip: int = 0
    times: int = 1_000_000
    status: int = 503
    code: str = "ServiceUnavailable"
    conditional: bool = False
    seconds: float = 1.0
    struck: int = 0

    def strikes(self, method: str, target: str, *, is_conditional: bool) -> bool:
        """Whether it is this request's turn; counts it."""
        is_meant = re.fullmatch(self.method, method) and re.search(self.path, target)
        if not is_meant or (self.conditional and not is_conditional) or self.times <= 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        self.struck += 1
        return True


@dataclass(frozen=True)
class Seen:
    """One request as the proxy got it, and the fault that struck it."""

    method: str
    target: str
    host: str
    fault: Kind | None
