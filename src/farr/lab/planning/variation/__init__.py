"""How much admissions and operations vary between places, for people alike in age, sex and deprivation."""
