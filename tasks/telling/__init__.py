"""Records in words, for terminal, messages and artifacts. Pages are `deployments.page`."""
