"""What earlier releases tell of a new one: their figures, taken together with those that are about to be printed."""
