"""A synthetic national admitted-care feed, as a supplier would hold it. No person in it exists."""
