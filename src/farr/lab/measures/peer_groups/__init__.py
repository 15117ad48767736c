"""One definition of similar organisations per file; the folder is the registry."""
