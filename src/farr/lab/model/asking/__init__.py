"""Asking the release service: signed requests, and answers taken only as answers to them. Lab and portal speak it alike."""
