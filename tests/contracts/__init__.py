"""Lists of checks, each run over everything of one kind that the tree holds."""
