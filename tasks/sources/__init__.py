"""Where a night's rows come from, one source a file. Cleaning and proving them is tasks.core."""
