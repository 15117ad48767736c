"""Commentary on released figures, saved views, and the digest of what changed."""
