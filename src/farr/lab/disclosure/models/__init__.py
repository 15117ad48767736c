"""What may leave of a model that was fitted to records."""
