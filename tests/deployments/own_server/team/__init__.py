"""A team's own folder, as DRIFTLOOP_PROJECTS names it; nothing in it imports the tests."""
