"""A table of one's own, protected: read from a file, its structure as the user says it, margins worked out, written and explained."""
