"""Exit door: small, pure, trusted."""
