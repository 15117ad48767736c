"""Contracting pages: statements of what a change of the tariff is worth, each verified before it is shown."""
