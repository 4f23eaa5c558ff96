"""`driftloop new`: what is read, asked, written and loaded."""
