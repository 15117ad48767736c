"""An edition of a pack as files: HTML, PDF and Excel."""
