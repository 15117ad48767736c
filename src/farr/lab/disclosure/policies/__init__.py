"""One disclosure policy per file; the folder is the registry."""
