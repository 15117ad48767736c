"""Feeds compared: a client's own feed beside the national one, from what was released of each. Pure functions of released figures."""
