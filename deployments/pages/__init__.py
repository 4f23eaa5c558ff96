"""The page server: projects, nights and reports of the store, to be read in a browser."""
