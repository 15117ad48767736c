"""One declaration each: what a unit of a measure is worth. The file is named as the measure."""
