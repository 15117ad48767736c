"""What the templates ask of access."""
