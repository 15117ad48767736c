"""The policies, one a file; the file's name is what tables and agreements call it."""
