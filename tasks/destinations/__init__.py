"""Where predictions of upcoming rows go, one kind a file."""
