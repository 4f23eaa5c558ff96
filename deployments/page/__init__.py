"""Self-contained HTML pages: one file that opens offline. What they tell is collected elsewhere."""
