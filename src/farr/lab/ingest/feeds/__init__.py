"""One feed per file; the folder is the registry."""
