"""Study toolkit. (Opens with a later issue.)"""
