"""Derived tables and the rules they rest on."""
