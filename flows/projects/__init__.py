"""One file a project, found by its name. What a project may say is schemas.project."""
