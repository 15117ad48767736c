"""What a spell comes to by the rules of a tariff, part by part, and why that is not what was fed."""
