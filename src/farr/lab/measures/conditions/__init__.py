"""Which rows count: conditions on the columns of one table that several measures share."""
