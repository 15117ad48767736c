"""Invented prices, shaped like a national tariff."""
