"""The only room that executes."""
