"""One declaration each: a pathway. The file's name is what it is asked by."""
