"""Ways of setting released figures side by side: funnels, breakdowns, like-for-like months, and what changed."""
