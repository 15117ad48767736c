"""Whether what a table's log and files say is what was written."""
