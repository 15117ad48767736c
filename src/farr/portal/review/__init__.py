"""Output that a person must look at: two checkers, blind to each other until both have voted, neither its author."""
