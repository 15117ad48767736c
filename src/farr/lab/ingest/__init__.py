"""Front door: what a feed is, how its files are read and checked."""
