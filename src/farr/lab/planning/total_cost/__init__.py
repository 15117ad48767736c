"""Total cost of care: what all care of a commissioner's people costs, in hospital and outside. Pure functions of released figures."""
