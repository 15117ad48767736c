"""One challenge a file: a rule by which a commissioner may ask for money back. The file's name is what it is called by."""
