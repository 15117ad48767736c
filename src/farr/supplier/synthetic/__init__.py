"""A synthetic national feed of hospital activity, as a supplier would hold it. No person in it exists."""
