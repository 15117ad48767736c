"""Charts of money and plans: over and under, so far, parts of a change, over years."""
