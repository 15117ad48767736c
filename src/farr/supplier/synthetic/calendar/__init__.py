"""The calendar: days as months and years, bank holidays, and how activity follows trend, season and week."""
