"""Gates, one a file: each compares numbers it is given; `tasks.engine.contest` computes them."""
