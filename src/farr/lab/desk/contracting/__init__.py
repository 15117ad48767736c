"""Contracting: what a change of the tariff is worth, as the gate lets it out."""
