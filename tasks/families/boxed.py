"""A model with the line that its chances are moved along, as one JSON. Without any library.

Fitting the line is `tasks.families.platt`, moving chances along it `tasks.families.rescaled`.
"""

import base64
import json
import math
from typing import Literal, NamedTuple

Suffix = Literal["ubj", "json", "safetensors"]


class Box(NamedTuple):
    """The kind of family, the format of its model, the model, and the line: slope and shift."""

    family: str
    suffix: Suffix
    model: bytes
    line: tuple[float, float]


def pack(box: Box) -> bytes:
    """As it is stored; equal boxes give equal bytes."""
    slope, shift = box.line
    told = {"family": box.family, "suffix": box.suffix, "slope": slope, "shift": shift}
    return json.dumps({**told, "model": base64.b64encode(box.model).decode()}).encode()


def unpack(stored: bytes) -> Box:
    """The box again.

    Raises:
        ValueError: it is none.
    """
    try:
        body = json.loads(stored)
        line = float(body["slope"]), float(body["shift"])
        model = base64.b64decode(body["model"], validate=True)
        box = Box(body["family"], body["suffix"], model, line)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no calibrated model: {error!r}") from error
    if not (math.isfinite(line[1]) and 0 < line[0] < math.inf):
        raise ValueError(f"slope {line[0]} and shift {line[1]} are no line of a calibrated model")
    return box
