"""Identifiable data for direct care: own database, keys and audit. (Opens with a later issue.)"""
