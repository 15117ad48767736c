"""Commands about the people of places."""
