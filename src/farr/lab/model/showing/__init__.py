"""What is shown of a benchmark: pages in plain data, signed by the lab, that a reader needs no more than this room to verify."""
