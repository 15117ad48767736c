"""What is planted and where: outliers, mergers and moves of organisations, late submissions."""
