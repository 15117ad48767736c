"""Negotiations: what was proposed, agreed and delivered on what a statement found; rows are added and never changed."""
