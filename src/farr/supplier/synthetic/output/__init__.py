"""How a country becomes files: parts, months, and what one run hands to the next."""
