"""Two feeds of one organisation: each asked of its own gate, set side by side, shown on screen and in files."""
