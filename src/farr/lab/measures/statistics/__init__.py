"""Statistics as pure functions of arrays, each citing its source."""
