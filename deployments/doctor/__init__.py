"""What stands between this machine and a good night, found before the night does."""
