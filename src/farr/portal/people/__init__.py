"""People: accounts, the roles that they have, and the training that keeps their access alive."""
