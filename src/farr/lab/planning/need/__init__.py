"""How many people have a condition, as far as hospitals see them."""
