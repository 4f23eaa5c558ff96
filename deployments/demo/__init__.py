"""The demo: half a year of real flights told in a few minutes, and one page that sums it up."""
