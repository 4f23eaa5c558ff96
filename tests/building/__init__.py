"""A small world for tests of the engine: deliveries, a project, nights that run in milliseconds."""
