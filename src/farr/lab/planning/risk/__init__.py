"""How likely people are to be admitted as an emergency, learned on released counts and tried on later ones."""
