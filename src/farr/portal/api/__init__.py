"""The API: the same answers by token, for an organisation's own tools and for notebooks."""
