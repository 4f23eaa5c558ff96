"""A hard year: what happens in it, who works, what must hold at its end."""
