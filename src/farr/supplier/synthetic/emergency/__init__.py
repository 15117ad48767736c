"""Emergency department attendances: those that end in an admission, and the many that do not."""
