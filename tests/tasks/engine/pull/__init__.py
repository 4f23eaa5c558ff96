"""What a service pulls, and what it may rely on."""
