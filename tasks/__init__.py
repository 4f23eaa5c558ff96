"""What a night does: modules directly here are Prefect tasks, folders below plain Python."""
