"""What of a project is kept: retention with its collections, and erasures of a person's rows."""
