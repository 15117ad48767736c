"""Contracts and forecasts. (Opens with a later issue.)"""
