"""Commands of contracting: what a tariff is, and what it would be worth to change it."""
