"""One norm per file; the folder is the registry."""
