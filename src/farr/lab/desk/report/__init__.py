"""The report of an organisation: one self-contained HTML file."""
