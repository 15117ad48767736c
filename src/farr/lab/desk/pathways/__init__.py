"""Pathways at the desk: asked, compared, worded, drawn and written."""
