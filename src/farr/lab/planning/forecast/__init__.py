"""Forecasting monthly counts: seasons, simple models with intervals, and how well they would have done."""
