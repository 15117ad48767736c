"""Review: what is not registered waits here until a person has looked at it. Nothing in this room releases; the gate does."""
