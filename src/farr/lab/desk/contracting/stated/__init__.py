"""Statements put together: what every kind of them shares, and what is said of contracts, challenges and projections."""
