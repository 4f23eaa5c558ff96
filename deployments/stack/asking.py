"""One question to a server of the stack, past any proxy. What its answer means is the asker's."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

_TIMEOUT_SECONDS = 5


def ask(host: str, port: int, path: str, body: object = None) -> Any:
    """The answer's JSON, or None where there is none: GET without a body, POST with one."""
    connection = HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status in (200, 201) else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
