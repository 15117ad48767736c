"""Pathways: an operation and the care around it, and how much of each item every spell of it took."""
