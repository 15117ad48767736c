"""What the data is, and the language between rooms. Depends on nothing."""
