"""One scenario a file: a declaration of what changes. The file's name is what it is asked by."""
