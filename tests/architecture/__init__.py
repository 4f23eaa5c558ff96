"""The project's conventions as tests: layers, charters, sizes, formats, pins, README."""
