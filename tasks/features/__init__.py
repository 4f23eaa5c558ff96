"""Feature steps, one a file, each fitted on the training part alone. Models are tasks.families."""
