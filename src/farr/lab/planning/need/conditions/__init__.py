"""One declaration each: a long-term condition by the code list of its name. The file is named as the list."""
