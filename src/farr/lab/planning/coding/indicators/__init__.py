"""One declaration each: what is counted of coding, or of care that coding cannot change, and what it is adjusted for."""
