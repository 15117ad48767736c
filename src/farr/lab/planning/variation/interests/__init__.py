"""One declaration each: a condition or an operation whose variation is worth a look. The file's name is what one types."""
