"""Before arrival: check, de-identify and link records, at whoever holds identities. Runs apart, with its own keys."""
