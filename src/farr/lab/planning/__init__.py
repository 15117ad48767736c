"""Contracts and forecasts: what a change of the tariff would be worth, and to whom."""
