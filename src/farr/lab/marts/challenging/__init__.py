"""What a challenge is, and what of each bill the rules look at."""
