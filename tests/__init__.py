"""The tests of driftloop. Folders mirror the packages; `contracts`, `architecture` cut across."""
