"""The past again: recorded decisions recomputed, other policies tried. Nothing here writes a store.

Its pure parts stand here and not in `tasks.core`, whose source is part of every model's id.
"""
