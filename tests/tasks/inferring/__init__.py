"""What a sample is taken to say, guess by guess."""
