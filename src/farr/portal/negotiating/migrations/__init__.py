"""Changes of the tables of negotiations."""
