"""What each step of a night does over a store: plain functions that commit records."""
