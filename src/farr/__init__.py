"""Farr: an open health-data laboratory."""
