"""One measure per file; the folder is the registry."""
