"""The lab: everything that computes. No web framework; one room opens a socket."""
