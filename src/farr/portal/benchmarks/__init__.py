"""Benchmark pages: what was published ahead is read, anything else is asked of the release service; nothing unsigned is shown."""
