"""Commands of opportunities and pathways."""
