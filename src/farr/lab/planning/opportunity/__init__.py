"""Opportunity: what matching a norm would be worth, with what chance and comparators make of it."""
