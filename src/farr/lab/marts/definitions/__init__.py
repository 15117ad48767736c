"""One mart per file; the folder is the registry."""
