"""Projection: what activity, beds and money come to over the years, why, and how sure that is. Pure functions of released figures."""
