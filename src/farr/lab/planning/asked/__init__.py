"""One declaration each: which questions of a name are registered. The file is named as the names of its questions begin."""
