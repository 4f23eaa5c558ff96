"""`driftloop new`: a sample becomes two Python files. What is guessed is `tasks.inferring`."""
