"""driftloop on a Prefect server and a worker of a team's own."""
