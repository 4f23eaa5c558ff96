"""The order of the steps, and nothing else: no frames, no arithmetic, no files."""
