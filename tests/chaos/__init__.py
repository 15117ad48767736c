"""What befalls a store: trials in which an operation is disturbed, and what must hold afterwards. See trials.py for the list."""
