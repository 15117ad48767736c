"""Benchmarks: measures, norms, peer groups and the statistics."""
