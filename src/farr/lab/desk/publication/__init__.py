"""What is published ahead of time: standard views, their catalogue, and what changed between two editions."""
