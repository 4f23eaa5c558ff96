"""A champion's files for a service: checked, tried in a child process, put in a folder as a whole.

Who serves is `tasks.store.champion`; the command is `deployments.commands.use`.
"""
