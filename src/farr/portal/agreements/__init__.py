"""Agreements as the portal knows them: the signed files, the access that rests on them, and the public register."""
