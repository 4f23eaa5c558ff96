"""What a sample of rows tells of its contract and policy. Pure; writing files is deployments."""
