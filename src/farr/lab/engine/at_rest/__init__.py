"""Records at rest: their keys, and their end."""
