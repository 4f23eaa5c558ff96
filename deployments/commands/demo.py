"""The demo and its landing zone."""

COMMANDS: dict[str, object] = {}
