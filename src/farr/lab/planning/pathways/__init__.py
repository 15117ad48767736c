"""Pathways compared: what providers do for one operation, what a standard would change, and what that is worth."""
