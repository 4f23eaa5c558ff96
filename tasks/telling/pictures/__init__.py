"""Small pictures inside pages, as SVG written by hand: no library here draws without a browser."""
