"""Pure parsers: bytes to records."""
