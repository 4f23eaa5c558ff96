"""When and where flows run: the command line, the landing zone, pages. No night logic."""
